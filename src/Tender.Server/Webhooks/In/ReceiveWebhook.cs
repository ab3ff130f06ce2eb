using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>
/// POST /api/webhooks/{provider}/{connectionId}: proves the raw bytes, stores the event once, answers 200. What it means is
/// applied right after; if that fails, the stored event is taken up again until it is done.
/// </summary>
internal sealed class ReceiveWebhook(AllProviders providers, OpenAccount accounts, Inbox inbox, WebhookCounters counters, TimeProvider time)
{
    public async Task<Outcome> RunAsync(TenantDb db, string provider, ConnectionRow connection, HttpRequest request, byte[] body, CancellationToken cancellation)
    {
        if (connection.Provider != provider || providers.Find(provider) is not { } handler) return new Outcome.Unknown();
        var account = await accounts.RunAsync(db, connection.Id, cancellation);
        var delivery = Delivery(request, body);
        var reading = handler.Read(delivery, account);
        if (reading is WebhookReading.Forged forged)
        {
            counters.Refused(provider);
            return new Outcome.Forged(forged.Why);
        }

        if (ProvenEvent.Of(reading) is not { } news) return new Outcome.Forged(ProvenEvent.Nameless);
        await StoreAsync(db, connection.Id, news, reading, delivery, cancellation);
        return new Outcome.Received();
    }

    public WebhookDelivery Delivery(HttpRequest request, byte[] body) => new(
        body, request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), time.GetUtcNow());

    /// <summary>Stores a proven event; those that come at once share a commit.</summary>
    public async Task StoreAsync(TenantDb db, string source, ProvenEvent news, WebhookReading reading, WebhookDelivery delivery, CancellationToken cancellation)
    {
        // Only what proves the bytes is kept of the headers: cookies and addresses are nobody's business.
        var headers = delivery.Headers.Where(h => h.Key.Contains("signature") || h.Key is "verif-hash" or "content-type").ToDictionary(h => h.Key, h => h.Value);
        await inbox.AddAsync(db, new(
            source, news.Id, news.Type, news.About, JsonSerializer.Serialize(headers, Json.Options), delivery.Body.ToArray(), delivery.ReceivedAt,
            DueAt: news.IsOfPayments ? delivery.ReceivedAt : null,
            Outcome: reading switch { WebhookReading.AccountChanged => "account_checked", _ when news.IsOfPayments => null, _ => "irrelevant" }, reading), cancellation);
        if (reading is WebhookReading.AccountChanged) await CheckNowAsync(db, source, reading.AccountId, delivery.ReceivedAt, cancellation);
    }

    // What changed is not read from the event: the provider is asked. Cut off before this, the event comes again, unanswered as it was.
    private static Task CheckNowAsync(TenantDb db, string source, string? accountId, DateTimeOffset now, CancellationToken cancellation)
    {
        var batch = new Batch().Add("""
            update connections set next_check_at = least(next_check_at, @now) where id = @source or (@IsPlatform and account_id = @accountId)
            """, new { source, accountId, now, IsPlatform = PlatformAccounts.IsPlatform(source) });
        batch.Expect(WorkKind.Connections, now);
        return db.WriteAsync(batch, cancellation);
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Received : Outcome;

        public sealed record Forged(string Why) : Outcome;

        public sealed record Unknown : Outcome;
    }
}
