using Tender.Server.Audit;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>DELETE /api/connections/{id}: removes it, but never while money may still move through it. Draining only stops new payments.</summary>
internal sealed class DeleteConnection(ReadConnections connections, ConnectedAccounts accounts, TimeProvider time)
{
    // Every process reads its connections anew each second; after this none chooses a draining one any more.
    private static readonly TimeSpan UntilNobodyChoosesIt = TimeSpan.FromSeconds(1.5);

    // A payment is open until the provider has said its last word on each of its tries and refunds.
    private const string IsOpen = """
        exists (select 1 from payments p where p.connection_id = c.id and p.status in ('created', 'awaiting_payer', 'processing'))
          or exists (select 1 from attempts a where a.connection_id = c.id and a.ask_at is not null)
          or exists (select 1 from refunds r where r.connection_id = c.id and r.status in ('reserved', 'unknown', 'pending'))
        """;

    public async Task<Outcome> RunAsync(TenantDb db, string id, bool drain, Caller caller, CancellationToken cancellation)
    {
        var row = await db.QuerySingleOrDefaultAsync<Row>(
            $"select provider, name, mode, status, ({IsOpen}) as is_open from connections c where id = @id", new { id }, cancellation);
        if (row is null) return new Outcome.NotFound();
        if (drain) return await DrainAsync(db, id, row, caller, cancellation);
        if (row.IsOpen) return new Outcome.StillOpen();

        await SetStatusAsync(db, id, "draining", cancellation);
        // From here on it is finished, whether the caller still waits or not.
        await Task.Delay(UntilNobodyChoosesIt, time, CancellationToken.None);
        return await RemoveAsync(db, id, row, caller, CancellationToken.None);
    }

    private async Task<Outcome> DrainAsync(TenantDb db, string id, Row row, Caller caller, CancellationToken cancellation)
    {
        await db.WriteAsync(new Batch()
            .Add("update connections set status = 'draining' where id = @id", new { id })
            .AddAudit(caller, "connection.drained", id, new { row.Provider, row.Name }), cancellation);
        connections.Changed(db.Tenant);
        return new Outcome.Draining();
    }

    private async Task<Outcome> RemoveAsync(TenantDb db, string id, Row row, Caller caller, CancellationToken cancellation)
    {
        // The audit's line is written only when the row goes, in the same statement.
        var removed = await db.QueryAsync<string>($"""
            with gone as (delete from connections c where id = @id and not ({IsOpen}) returning id)
            select id from gone, lateral record_audit(@Actor, 'connection.deleted', id, jsonb_build_object('provider', @Provider, 'name', @Name, 'mode', @Mode))
            """, new { id, caller.Actor, row.Provider, row.Name, row.Mode }, cancellation);
        connections.Changed(db.Tenant);
        if (removed.Count is 0)
        {
            // A payment began in the last moment: it takes payments again as before.
            await SetStatusAsync(db, id, row.Status, cancellation);
            return new Outcome.StillOpen();
        }

        await accounts.RemoveAsync(db.Tenant, id, cancellation);
        return new Outcome.Deleted();
    }

    private async Task SetStatusAsync(TenantDb db, string id, string status, CancellationToken cancellation)
    {
        await db.ExecuteAsync("update connections set status = @status where id = @id", new { id, status }, cancellation);
        connections.Changed(db.Tenant);
    }

    private sealed record Row(string Provider, string Name, string Mode, string Status, bool IsOpen);

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Deleted : Outcome;

        /// <summary>No new payments go through it; it can be deleted when the open ones are through.</summary>
        public sealed record Draining : Outcome;

        /// <summary>Payments through it are open.</summary>
        public sealed record StillOpen : Outcome;

        public sealed record NotFound : Outcome;
    }
}
