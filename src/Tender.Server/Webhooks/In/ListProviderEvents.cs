using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>The console's list of what providers told: newest first, by cursor.</summary>
internal static class ListProviderEvents
{
    private const int Limit = 50;

    /// <summary>What can become of an event, as it can be filtered by.</summary>
    public static readonly IReadOnlyList<string> Outcomes = ["applied", "waiting", "not_ours", "irrelevant", "account_checked", "failed"];

    /// <param name="mode">Whose events: of connections of this mode, and of those that are gone.</param>
    /// <param name="platformMode">The mode of what comes to the platform's own address.</param>
    /// <param name="outcome">One of <see cref="Outcomes"/>; all without it.</param>
    /// <param name="search">A whole id: the event's, or the provider's of what it is about.</param>
    public static async Task<Page<Line>> RunAsync(TenantDb db, Mode mode, Mode platformMode, string? outcome, string? search, string? after, CancellationToken cancellation)
    {
        var cursor = EventCursor.Read(after);
        var rows = await db.QueryAsync<Line>("""
            select e.connection_id as source, c.name as connection_name, e.event_id, e.type, e.about, e.payment_id, coalesce(e.outcome, 'waiting') as outcome, e.received_at
            from provider_events e left join connections c on c.id = e.connection_id
            where coalesce(c.mode, case when e.connection_id like 'platform:%' then @PlatformMode end, @Mode) = @Mode and (@outcome::text is null or coalesce(e.outcome, 'waiting') = @outcome)
              and (@search::text is null or e.event_id = @search or e.about = @search)
              and (@after::text is null or (e.received_at, e.connection_id, e.event_id)
                   < (select received_at, connection_id, event_id from provider_events where connection_id = @Source and event_id = @EventId))
            order by e.received_at desc, e.connection_id desc, e.event_id desc limit @Take
            """, new { Mode = mode.ToWord(), PlatformMode = platformMode.ToWord(), outcome, search, after, cursor.Source, cursor.EventId, Take = Limit + 1 }, cancellation);
        return new([.. rows.Take(Limit)], rows.Count > Limit);
    }

    /// <param name="Source">The connection it came to, or the platform's own address.</param>
    /// <param name="About">The provider's own id of what it is about.</param>
    /// <param name="PaymentId">What it was applied to.</param>
    internal sealed record Line(
        string Source, string? ConnectionName, string EventId, string Type, string? About, string? PaymentId, string Outcome, DateTimeOffset ReceivedAt)
    {
        public EventCursor Cursor => new(Source, EventId);

        /// <summary>Where it came in, for a person.</summary>
        public string Through => ConnectionName ?? (PlatformAccounts.IsPlatform(Source) ? "the platform's address" : "a connection that is gone");
    }
}
