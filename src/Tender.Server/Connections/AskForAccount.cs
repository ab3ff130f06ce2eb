using Tender.Domain.Providers;

namespace Tender.Server.Connections;

/// <summary>Asks a provider whose account some credentials open. It moves no money, so it stands beside the gateway's breakers: it is how one learns that they may close.</summary>
internal sealed class AskForAccount(TimeProvider time)
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(15);

    public async Task<Answer> RunAsync(IPaymentProvider provider, Account account, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var check = await CheckAsync(provider, account, cancellation);
        return new(check, (int)time.GetElapsedTime(begun).TotalMilliseconds);
    }

    private async Task<AccountCheck> CheckAsync(IPaymentProvider provider, Account account, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(TimeMax, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await provider.CheckAsync(account, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new AccountCheck.NotReached($"it did not answer within {TimeMax.TotalSeconds} seconds");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException)
        {
            return new AccountCheck.NotReached("no connection could be made");
        }
    }

    /// <param name="Milliseconds">How long the provider took.</param>
    public sealed record Answer(AccountCheck Check, int Milliseconds);
}
