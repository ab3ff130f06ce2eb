using System.Collections.Concurrent;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Stores proven webhooks, each event once. Those of one tenant that come at the same time share a commit; each waits for its own to be on disk.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentDictionary<string, SharedWrites<(TenantDb Db, Row Row)>> tenants = new(StringComparer.Ordinal);

    public Task AddAsync(TenantDb db, Row row, CancellationToken cancellation) =>
        tenants.GetOrAdd(db.Tenant.Code, static _ => new(WriteAsync)).AddAsync((db, row), cancellation);

    // A tenant that was moved meanwhile is written where the last one found it.
    private static Task WriteAsync(IReadOnlyList<(TenantDb Db, Row Row)> together)
    {
        var batch = InsertOf(together);
        // Said with the commit, not by those who wait for it: what a sender who hung up has brought is due too.
        batch.Expect(WorkKind.ProviderEvents, together.Min(one => one.Row.NextAt));
        return together[^1].Db.WriteTogetherAsync([batch]);
    }

    private static Batch InsertOf(IReadOnlyList<(TenantDb Db, Row Row)> together) => new Batch().Add("""
        insert into provider_events (connection_id, event_id, type, about, headers, body, received_at, next_at, outcome)
        select source, event_id, type, about, headers::jsonb, body, received_at, next_at, outcome
        from unnest(@Sources, @EventIds, @Types, @Abouts, @Headers, @Bodies, @Times, @NextTimes, @Outcomes) as e (source, event_id, type, about, headers, body, received_at, next_at, outcome)
        on conflict (connection_id, event_id) do nothing
        """, new
    {
        Sources = together.Select(one => one.Row.Source).ToArray(),
        EventIds = together.Select(one => one.Row.EventId).ToArray(),
        Types = together.Select(one => one.Row.Type).ToArray(),
        Abouts = together.Select(one => one.Row.About).ToArray(),
        Headers = together.Select(one => one.Row.Headers).ToArray(),
        Bodies = together.Select(one => one.Row.Body).ToArray(),
        Times = together.Select(one => one.Row.ReceivedAt).ToArray(),
        NextTimes = together.Select(one => one.Row.NextAt).ToArray(),
        Outcomes = together.Select(one => one.Row.Outcome).ToArray(),
    });

    /// <summary>Long after a provider would send one again. One that failed was never applied: it waits for a person.</summary>
    public static readonly KeptFor Forgotten = new("provider_events", TimeSpan.FromDays(90), """
        delete from provider_events where (connection_id, event_id) in (
          select connection_id, event_id from provider_events
          where received_at < @before and coalesce(applied_at, received_at) < @before and next_at is null and outcome is distinct from 'failed'
          order by received_at limit @AtOnce for update skip locked)
        """);

    /// <param name="Source">The connection, or the platform's own endpoint.</param>
    /// <param name="About">The provider's own id of what it is about.</param>
    /// <param name="Headers">Those that prove the bytes, as JSON.</param>
    /// <param name="NextAt">When it is to be applied; null when there is nothing to do.</param>
    internal sealed record Row(
        string Source, string EventId, string Type, string? About, string Headers, byte[] Body, DateTimeOffset ReceivedAt, DateTimeOffset? NextAt, string? Outcome);
}
