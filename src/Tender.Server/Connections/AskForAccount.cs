using Tender.Domain.Providers;

namespace Tender.Server.Connections;

/// <summary>Asks a provider whose account some credentials open: how one learns, too, that the gateway's breakers may close.</summary>
internal sealed class AskForAccount(TimeProvider time)
{
    public async Task<Answer> RunAsync(IPaymentProvider provider, Account account, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var check = await BriefQuestion.AskAsync(limit => provider.CheckAsync(account, limit), why => new AccountCheck.NotReached(why), time, cancellation);
        return new(check, (int)time.GetElapsedTime(begun).TotalMilliseconds);
    }

    /// <param name="Milliseconds">How long the provider took.</param>
    public sealed record Answer(AccountCheck Check, int Milliseconds);
}
