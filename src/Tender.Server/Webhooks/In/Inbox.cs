using System.Collections.Concurrent;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Stores proven webhooks, each event once. Those of one tenant that come at the same time share a commit; each waits for its own to be on disk.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentDictionary<string, SharedWrites<(TenantDb Db, Row Row)>> tenants = new(StringComparer.Ordinal);

    public Task AddAsync(TenantDb db, Row row, CancellationToken cancellation) =>
        tenants.GetOrAdd(db.Tenant.Code, static _ => new(WriteAsync)).AddAsync((db, row)).WaitAsync(cancellation);

    // A tenant that was moved meanwhile is written where the last one found it.
    private static Task WriteAsync(IReadOnlyList<(TenantDb Db, Row Row)> together) => together[^1].Db.WriteAsync(new Batch().Add("""
        insert into provider_events (connection_id, event_id, type, headers, body, received_at, next_at, outcome)
        select source, event_id, type, headers::jsonb, body, received_at, next_at, outcome
        from unnest(@Sources, @EventIds, @Types, @Headers, @Bodies, @Times, @NextTimes, @Outcomes) as e (source, event_id, type, headers, body, received_at, next_at, outcome)
        on conflict (connection_id, event_id) do nothing
        """, new
    {
        Sources = together.Select(one => one.Row.Source).ToArray(),
        EventIds = together.Select(one => one.Row.EventId).ToArray(),
        Types = together.Select(one => one.Row.Type).ToArray(),
        Headers = together.Select(one => one.Row.Headers).ToArray(),
        Bodies = together.Select(one => one.Row.Body).ToArray(),
        Times = together.Select(one => one.Row.ReceivedAt).ToArray(),
        NextTimes = together.Select(one => one.Row.NextAt).ToArray(),
        Outcomes = together.Select(one => one.Row.Outcome).ToArray(),
    }), CancellationToken.None);

    /// <param name="Source">The connection, or the platform's own endpoint.</param>
    /// <param name="Headers">Those that prove the bytes, as JSON.</param>
    /// <param name="NextAt">When it is to be applied; null when there is nothing to do.</param>
    internal sealed record Row(
        string Source, string EventId, string Type, string Headers, byte[] Body, DateTimeOffset ReceivedAt, DateTimeOffset? NextAt, string? Outcome);
}
