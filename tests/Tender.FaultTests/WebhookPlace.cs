using System.Net;
using Tender.Server.Connections;

namespace Tender.FaultTests;

/// <summary>Where Stripe's news come in, the secret they are signed with, and what became of them in the tenant's inbox.</summary>
/// <param name="Source">How the inbox names it.</param>
/// <param name="Account">The connected account that the events are about.</param>
internal sealed record WebhookPlace(Shop Shop, string Path, string Secret, string Source, string? Account = null)
{
    public const string PlatformSecret = "whsec_faulttests";

    public static WebhookPlace Platform(Shop shop, string? account = null) => new(shop, "/api/webhooks/stripe", PlatformSecret, "platform:stripe", account);

    /// <summary>The address of the tenant's own connection, with the secret that was registered for it.</summary>
    public static async Task<WebhookPlace> OwnAsync(Shop shop)
    {
        var connection = await shop.ReadAsync<string>("select id from connections where name = 'Main'");
        var account = await shop.Get<OpenAccount>().RunAsync(await shop.TenantAsync(), connection, CancellationToken.None);
        return new(shop, $"/api/webhooks/stripe/{connection}", account.AcceptedWebhookSecrets[0].Reveal(), connection);
    }

    public async Task TakesAsync(SilentStripe stripe, SilentStripe.Webhook news, string header, HttpClient? node = null)
    {
        var answer = await stripe.SendAsync(Path, news.Payload, header, node);
        (answer.Status, answer.Body.ToString()).ShouldBe((HttpStatusCode.OK, """{"received":true}"""));
    }

    public async Task RefusesAsync(SilentStripe stripe, string payload, string? header, HttpClient? node = null)
    {
        var answer = await stripe.SendAsync(Path, payload, header, node);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, header);
        answer.Word("code").ShouldBe("forged_webhook");
    }

    /// <summary>Waits until it is applied to the user's payment.</summary>
    public async Task AppliesAsync(SilentStripe.Webhook news, AccessUser user)
    {
        await Shop.UntilAsync($"{news.Id} is applied", async () => await OutcomeAsync(news) is "applied");
        (await Shop.ReadAsync<string>("select payment_id from provider_events where connection_id = @Source and event_id = @Id", new { Source, news.Id })).ShouldBe(await user.PaymentAsync());
    }

    public Task<string?> OutcomeAsync(SilentStripe.Webhook news) =>
        Shop.ReadAsync<string?>("select outcome from provider_events where connection_id = @Source and event_id = @Id", new { Source, news.Id });

    public Task<long> StoredAsync(SilentStripe.Webhook news) =>
        Shop.ReadAsync<long>("select count(*) from provider_events where connection_id = @Source and event_id = @Id", new { Source, news.Id });
}
