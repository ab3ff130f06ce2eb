using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>POST /api/connections/{id}/check: asks the provider now whether the account works, stores and returns what it said.</summary>
internal sealed class CheckConnection(
    AllProviders providers, OpenAccount open, AskForAccount ask, ReadConnections connections, ConnectedAccounts accounts, TimeProvider time)
{
    /// <summary>For a member, who is on record with it; null when the tenant has no such connection.</summary>
    public Task<Answer?> RunAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation) =>
        RunAsync(db, id, unusedFor: null, (batch, found) => batch.AddAudit(caller, "connection.checked", id, new { found.Outcome, found.Detail }), cancellation);

    /// <summary>For the schedule.</summary>
    public Task<Answer?> RunAsync(TenantDb db, string id, TimeSpan? unusedFor, CancellationToken cancellation) =>
        RunAsync(db, id, unusedFor, (_, _) => { }, cancellation);

    private async Task<Answer?> RunAsync(TenantDb db, string id, TimeSpan? unusedFor, Action<Batch, Finding> alsoWrite, CancellationToken cancellation)
    {
        if (await connections.FindAsync(db, id, cancellation) is not { } row) return null;
        var answer = await AskAsync(db, row, cancellation);
        var (found, now) = (Finding.Of(answer.Check), time.GetUtcNow());
        var batch = new Batch().AddCheck(id, answer, now, now + CheckTimes.After(found.Status, unusedFor ?? TimeSpan.Zero));
        alsoWrite(batch, found);
        await db.WriteAsync(batch, cancellation);
        connections.Changed(db.Tenant);
        if (answer.Check is AccountCheck.Works works) await accounts.AddAsync(db.Tenant, row.Provider, works.AccountId, id, cancellation);
        return new(id, now, found.Outcome, found.Detail, answer.Milliseconds, row.Status is "draining" ? row.Status : found.Status);
    }

    private async Task<AskForAccount.Answer> AskAsync(TenantDb db, ConnectionRow row, CancellationToken cancellation)
    {
        if (providers.Find(row.Provider) is not { } provider)
            return new(new AccountCheck.Refused($"this installation no longer has the provider {row.Provider}"), Milliseconds: 0);

        var answer = await ask.RunAsync(provider, await open.RunAsync(db, row.Id, cancellation), cancellation);
        return answer.Check is AccountCheck.Works works && works.Mode != row.Mode
            ? answer with { Check = new AccountCheck.Refused($"the key is now a {works.Mode.ToWord()} key") }
            : answer;
    }

    /// <param name="Outcome">works, refused or not_reached.</param>
    /// <param name="Status">The connection's status after it.</param>
    public sealed record Answer(string ConnectionId, DateTimeOffset At, string Outcome, string Detail, int Milliseconds, string Status);
}
