using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>
/// POST /api/webhooks/{provider}: the platform's own endpoint, also for accounts connected to it. The tenant is found by our
/// attempt's id in the event, or by the provider's payment id.
/// </summary>
internal sealed class ReceivePlatformWebhook(
    AllProviders providers, PlatformAccounts platform, PlatformInbox nobodys, ReceiveWebhook receive, Locators locators, ConnectedAccounts accounts, TenantDatabases tenants, WebhookCounters counters)
{
    public async Task<ReceiveWebhook.Outcome> RunAsync(string provider, HttpRequest request, byte[] body, CancellationToken cancellation)
    {
        if (providers.Find(provider) is not { } handler) return new ReceiveWebhook.Outcome.Unknown();
        if (platform.Find(provider) is not { } account)
        {
            counters.Refused(provider);
            return new ReceiveWebhook.Outcome.Forged("this installation has no webhook secret for its platform account");
        }

        var delivery = receive.Delivery(request, body);
        var reading = handler.Read(delivery, account);
        if (reading is WebhookReading.Forged forged)
        {
            counters.Refused(provider);
            return new ReceiveWebhook.Outcome.Forged(forged.Why);
        }

        if (ProvenEvent.Of(reading) is not { } news) return new ReceiveWebhook.Outcome.Forged(ProvenEvent.Nameless);
        var told = await TenantsAsync(provider, reading, cancellation);
        foreach (var db in told) await receive.StoreAsync(db, PlatformAccounts.Source(provider), news, reading, delivery, cancellation);
        if (told.Count is 0 && news.IsOfPayments) await nobodys.AddAsync(provider, news, delivery, cancellation);
        return new ReceiveWebhook.Outcome.Received();
    }

    private async Task<IReadOnlyList<TenantDb>> TenantsAsync(string provider, WebhookReading reading, CancellationToken cancellation)
    {
        // One account may be connected by several tenants, and each of them is told.
        if (reading is WebhookReading.AccountChanged { AccountId: { } accountId })
            return await OpenAsync(await accounts.TenantsAsync(provider, accountId, cancellation), cancellation);
        if (await OfPaymentAsync(reading, cancellation) is { } db) return [db];
        // A refund or a dispute made in the provider's dashboard names nothing of ours: whoever connected the account looks it up.
        return reading is { AccountId: { } about } and not WebhookReading.Irrelevant ? await OpenAsync(await accounts.TenantsAsync(provider, about, cancellation), cancellation) : [];
    }

    private async Task<IReadOnlyList<TenantDb>> OpenAsync(IReadOnlyList<string> codes, CancellationToken cancellation)
    {
        var found = new List<TenantDb>();
        foreach (var code in codes)
        {
            if (await tenants.FindAsync(code, cancellation) is { } db) found.Add(db);
        }

        return found;
    }

    private async Task<TenantDb?> OfPaymentAsync(WebhookReading reading, CancellationToken cancellation)
    {
        foreach (var word in WordsOf(reading).OfType<string>())
        {
            var subject = Ids.TenantOf(word) is null ? await locators.FindAsync(word, cancellation) : word;
            if (await tenants.ForIdAsync(subject, cancellation) is { } db) return db;
        }

        return null;
    }

    private static IEnumerable<string?> WordsOf(WebhookReading reading) => reading switch
    {
        WebhookReading.States states => states.Reports.SelectMany(r => new[] { (r as PaymentReport)?.Reference, (r as RefundReport)?.Reference, r.ProviderPaymentId }),
        WebhookReading.AskAbout about => [about.Reference, about.ProviderPaymentId],
        _ => [],
    };
}
