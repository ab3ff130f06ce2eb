using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>What came to the platform's own address, was proven, and is about a payment of no tenant: kept for the owner to look at.</summary>
internal sealed class PlatformInbox(OwnerDb owner)
{
    public const int LimitMax = 100;

    /// <summary>As long as the tenants' own.</summary>
    public static readonly KeptFor Forgotten = new("platform_events", TimeSpan.FromDays(90), """
        delete from platform_events where (provider, event_id) in (
          select provider, event_id from platform_events where received_at < @before order by received_at limit @AtOnce for update skip locked)
        """, IsOwners: true);

    /// <summary>Keeps it once, however often it comes.</summary>
    public Task AddAsync(string provider, ProvenEvent news, WebhookDelivery delivery, CancellationToken cancellation) => owner.WriteSharedAsync(new Batch().Add("""
        insert into platform_events (provider, event_id, type, account_id, about, body, received_at)
        values (@provider, @Id, @Type, @AccountId, @About, @Body, @ReceivedAt) on conflict do nothing
        """, new { provider, news.Id, news.Type, news.AccountId, news.About, Body = delivery.Body.ToArray(), delivery.ReceivedAt }), cancellation);

    /// <summary>Newest first.</summary>
    /// <param name="after">The cursor of the last line of the page before.</param>
    public async Task<Page<Line>> ListAsync(string? after, CancellationToken cancellation)
    {
        var cursor = EventCursor.Read(after);
        var rows = await owner.QueryAsync<Line>("""
            select provider, event_id, type, account_id, about, received_at from platform_events
            where @after::text is null
               or (received_at, provider, event_id) < (select received_at, provider, event_id from platform_events where provider = @Provider and event_id = @EventId)
            order by received_at desc, provider desc, event_id desc limit @Take
            """, new { after, Provider = cursor.Source, cursor.EventId, Take = LimitMax + 1 }, cancellation);
        return new([.. rows.Take(LimitMax)], rows.Count > LimitMax);
    }

    /// <param name="AccountId">The connected account; null for the platform's own.</param>
    /// <param name="About">The provider's own id of the payment.</param>
    internal sealed record Line(string Provider, string EventId, string Type, string? AccountId, string? About, DateTimeOffset ReceivedAt)
    {
        public EventCursor Cursor => new(Provider, EventId);
    }
}
