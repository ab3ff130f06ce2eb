using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tender.Server.Commands;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Server.Hosting.OpenApi;

/// <summary>Lives through a sale and everything around it; each answer on the way is held against the document.</summary>
public sealed class AnswerTests(ApiSite site) : IClassFixture<ApiSite>
{
    // Signed by providers, reached by a mail's link, or for money that a provider first says it holds.
    private static readonly string[] NotHere = ["capturePayment", "receivePlatformWebhook", "receiveConnectionWebhook", "downloadFile"];

    [Fact]
    public async Task Every_answer_is_as_the_document_says()
    {
        using var shop = site.Open(site.Demo.ApiKey);
        foreach (var (_, step, act) in Tour.StepsOf(shop, site.Demo)) (await act(CancellationToken.None)).ShouldNotBeNull(step);
        await SellAsync(shop);
        await BuyAsync(shop, site.Open());
        await PayAndCancelAsync(shop);
        await ShareAsync(shop);
        await GiveAccessAsync(shop, site.Open(site.Demo.ApiKey));
        using var member = await site.OpenAsMemberAsync();
        member.DefaultRequestHeaders.Add("Origin", member.BaseAddress!.GetLeftPart(UriPartial.Authority));
        await ConnectAsync(member);
        await ManageAsync(member);
        await ReadPlainlyAsync(site.Open());

        site.Document.Operations.Select(operation => operation.Id).Except(site.Document.Answered).ShouldBe(NotHere, ignoreOrder: true);
    }

    private static async Task SellAsync(HttpClient shop)
    {
        var product = await SendAsync(shop, HttpMethod.Post, "/api/v1/products", 201, new { name = "Poster", kind = "download", prices = new[] { new { currency = "usd", amount = 1200 } } });
        var id = product.GetProperty("id").GetString();
        await SendAsync(shop, HttpMethod.Get, $"/api/v1/products/{id}", 200);
        await SendAsync(shop, HttpMethod.Get, "/api/v1/products?limit=1", 200);
        await SendAsync(shop, HttpMethod.Delete, $"/api/v1/products/{id}", 204);
        await SendAsync(shop, HttpMethod.Get, "/api/v1/products?limit=0", 400);
        await SendAsync(shop, HttpMethod.Get, "/api/v1/products?limit=101", 400);
        await SendAsync(shop, HttpMethod.Get, "/api/v1/products/prod_none", 404);
        await SendAsync(shop, HttpMethod.Get, "/api/v1/checkout/config", 200);
        await SendAsync(shop, HttpMethod.Post, "/api/v1/checkout/sessions", 404, new { productId = id, customerEmail = "bea@example.com" });
    }

    private async Task BuyAsync(HttpClient shop, HttpClient browser)
    {
        var session = await SendAsync(shop, HttpMethod.Post, "/api/v1/checkout/sessions", 201, new { site.Demo.ProductId, customerEmail = "bea@example.com", metadata = new { order = "17" } });
        var clientSecret = session.GetProperty("clientSecret").GetString()!;
        await SendAsync(browser, HttpMethod.Post, "/api/v1/checkout/embed", 200, new { clientSecret });
        await site.PayAsync(clientSecret);
        await SendAsync(browser, HttpMethod.Post, "/api/v1/checkout/embed/confirm", 200, new { clientSecret });
        var bought = await SendAsync(shop, HttpMethod.Post, "/api/v1/checkout/confirm", 200, new { sessionId = session.GetProperty("sessionId").GetString() });
        foreach (var link in bought.GetProperty("downloadUrls").EnumerateObject())
        {
            using var file = await browser.GetAsync(link.Value.GetString());
            file.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var cutOff = await browser.GetAsync(link.Value.GetString()![..^3]);
            cutOff.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    private static async Task ConnectAsync(HttpClient member)
    {
        var made = await SendAsync(member, HttpMethod.Post, "/api/connections/create", 201, new
        {
            provider = "stripe",
            name = "Second",
            credentials = new { publishableKey = SimulatedStripe.PublishableKey, secretKey = await ApiSite.SealAsync(member, SimulatedStripe.SecretKey, "connections.stripe.secretKey") },
        });
        await SendAsync(member, HttpMethod.Post, "/api/connections/stripe", 200, new { publishableKey = SimulatedStripe.PublishableKey });
        await SendAsync(member, HttpMethod.Delete, $"/api/connections/stripe/{made.GetProperty("id").GetString()}", 204);

        await SendAsync(member, HttpMethod.Put, "/api/jwt-secret", 400, new { secret = "never sealed" });
        await SendAsync(member, HttpMethod.Put, "/api/jwt-secret", 200, new { secret = await ApiSite.SealAsync(member, new('j', 64), "jwt-secret"), previousForHours = 1 });
        await SendAsync(member, HttpMethod.Get, "/api/jwt-secret", 200);
        await SendAsync(member, HttpMethod.Delete, "/api/jwt-secret", 200);
    }

    private static async Task PayAndCancelAsync(HttpClient shop)
    {
        foreach (var presentation in new[] { "hosted", "embedded" })
        {
            var started = await SendAsync(shop, HttpMethod.Post, "/api/payments", 201, new { amount = 700, currency = "usd", presentation, returnUrl = "https://shop.example/back" });
            var id = started.GetProperty("id").GetString();
            await SendAsync(shop, HttpMethod.Get, $"/api/payments/{id}", 200);
            await SendAsync(shop, HttpMethod.Get, $"/api/payments/{id}/status", 200);
            await SendAsync(shop, HttpMethod.Post, $"/api/payments/{id}/refund", 409, new { });
            await SendAsync(shop, HttpMethod.Post, $"/api/payments/{id}/capture", 409, new { });
            await SendAsync(shop, HttpMethod.Post, $"/api/payments/{id}/cancel", 200);
            await SendAsync(shop, HttpMethod.Post, $"/api/payments/{id}/cancel", 200);
        }

        var paid = (await SendAsync(shop, HttpMethod.Get, "/api/payments?status=succeeded", 200)).GetProperty("data")[0].GetProperty("id").GetString();
        await SendAsync(shop, HttpMethod.Post, $"/api/payments/{paid}/cancel", 409);
        await SendAsync(shop, HttpMethod.Post, "/api/payments", 422, new { amount = 700, currency = "sek", presentation = "embedded" });
        var page = await SendAsync(shop, HttpMethod.Get, "/api/payments?limit=2", 200);
        await SendAsync(shop, HttpMethod.Get, $"/api/payments?limit=100&startingAfter={page.GetProperty("data")[1].GetProperty("id").GetString()}", 200);
        await SendAsync(shop, HttpMethod.Get, "/api/payments?limit=101", 400);
        await SendAsync(shop, HttpMethod.Get, "/api/payments?startingAfter=pay_none", 400);
        await SendAsync(shop, HttpMethod.Get, "/api/v1/products?startingAfter=prd_none", 400);
        await SendAsync(shop, HttpMethod.Get, "/api/payments/pay_none", 404);
        await SendAsync(shop, HttpMethod.Get, "/api/connections", 403);
    }

    private static async Task ShareAsync(HttpClient shop)
    {
        var link = (await SendAsync(shop, HttpMethod.Post, "/api/payment-links", 201, new { title = "Lesson", kind = "amount", amount = 3_000, limit = 2, expiresAt = "2099-01-01T00:00:00Z" })).GetProperty("id").GetString();
        await SendAsync(shop, HttpMethod.Get, "/api/payment-links?limit=1", 200);
        await SendAsync(shop, HttpMethod.Get, "/api/payment-links?limit=0", 400);
        await SendAsync(shop, HttpMethod.Get, $"/api/payment-links/{link}", 200);
        await SendAsync(shop, HttpMethod.Get, "/api/payment-links/link_none", 404);
        await SendAsync(shop, HttpMethod.Post, "/api/payment-links", 422, new { title = "Lesson", kind = "amount" });
        await SendAsync(shop, HttpMethod.Patch, $"/api/payment-links/{link}", 200, new { isOpen = false });
        await SendAsync(shop, HttpMethod.Patch, $"/api/payment-links/{link}", 422, new { limit = 3, noLimit = true });
        await SendAsync(shop, HttpMethod.Patch, "/api/payment-links/link_none", 404, new { title = "x" });
    }

    private static async Task GiveAccessAsync(HttpClient application, HttpClient user)
    {
        user.DefaultRequestHeaders.Add("Tender-User", "ada");
        await SendAsync(application, HttpMethod.Post, "/api/conversations", 400, new { title = "Whose?" });
        var conversation = (await SendAsync(user, HttpMethod.Post, "/api/conversations", 201, new { title = "How tides work" })).GetProperty("id").GetString();
        await SendAsync(user, HttpMethod.Get, "/api/conversations?limit=1", 200);
        await SendAsync(user, HttpMethod.Get, "/api/conversations?limit=101", 400);
        await SendAsync(user, HttpMethod.Get, "/api/conversations/conv_none", 404);
        await SendAsync(user, HttpMethod.Get, "/api/api-keys", 403);
        await SendAsync(user, HttpMethod.Delete, "/api/api-keys/key_none", 404);
        await SendAsync(user, HttpMethod.Post, "/api/api-keys/key_none/reveal", 404);
        await SendAsync(user, HttpMethod.Post, "/api/payments/link", 422, new { conversationId = conversation, tier = "golden" });
        await SendAsync(user, HttpMethod.Post, "/api/payments/link", 404, new { conversationId = "conv_none", tier = "premium" });
        await SendAsync(application, HttpMethod.Get, "/api/tiers", 200);
        await SendAsync(application, HttpMethod.Get, "/api/orders?limit=1", 200);
        await SendAsync(application, HttpMethod.Get, "/api/orders?startingAfter=ord_none", 400);
        await SendAsync(application, HttpMethod.Put, "/api/tiers/Golden", 400, new { name = "Golden", amount = 1 });
        await SendAsync(application, HttpMethod.Put, "/api/tiers/golden", 200, new { name = "Golden", amount = 9900, currency = "eur" });
        await SendAsync(application, HttpMethod.Delete, "/api/tiers/golden", 204);
        await SendAsync(application, HttpMethod.Delete, "/api/tiers/golden", 404);
    }

    private static async Task ManageAsync(HttpClient member)
    {
        var id = (await SendAsync(member, HttpMethod.Get, "/api/connections", 200)).GetProperty("data")[0].GetProperty("id").GetString();
        await SendAsync(member, HttpMethod.Get, "/api/connections/stripe/me", 200);
        await SendAsync(member, HttpMethod.Post, $"/api/connections/{id}/check", 200);
        await SendAsync(member, HttpMethod.Patch, $"/api/connections/{id}", 200, new { name = "Main account" });
        await SendAsync(member, HttpMethod.Post, "/api/connections/batch", 200, new { action = "check", ids = new[] { id, "con_none" } });
        await SendAsync(member, HttpMethod.Get, "/api/encryption-key", 200);
        await SendAsync(member, HttpMethod.Post, "/api/connections/create", 400, new { provider = "stripe", credentials = new { secretKey = "sk_test_plain" } });
        await SendAsync(member, HttpMethod.Get, "/api/audit?limit=5", 200);
        await SendAsync(member, HttpMethod.Get, "/api/audit?limit=101", 400);
        await SendAsync(member, HttpMethod.Delete, $"/api/connections/{id}?drain=true", 202);
        await SendAsync(member, HttpMethod.Delete, "/api/connections/con_none", 404);
        await SendAsync(member, HttpMethod.Delete, "/api/session", 204);
    }

    private static async Task ReadPlainlyAsync(HttpClient anybody)
    {
        await SendAsync(anybody, HttpMethod.Get, "/health/live", 200);
        await SendAsync(anybody, HttpMethod.Get, "/health/ready", 200);
        await SendAsync(anybody, HttpMethod.Get, "/api/payments", 401);
        await SendAsync(anybody, HttpMethod.Post, "/api/session", 401, new { email = "nobody@example.com", password = "not this one" });
        await SendAsync(anybody, HttpMethod.Post, "/api/webhooks/stripe", 400, new { });
        await SendAsync(anybody, HttpMethod.Post, "/api/v1/checkout/embed", 404, new { clientSecret = "pi_none_secret_none" });
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, int expected, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(expected, $"{method} {path} {text}");
        return text.Length is 0 || answer.StatusCode is HttpStatusCode.NoContent ? default : JsonDocument.Parse(text).RootElement;
    }
}
