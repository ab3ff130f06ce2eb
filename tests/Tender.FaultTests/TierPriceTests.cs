using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>A tier that is a price kept at the provider: the sum is the provider's, and the provider's books say what was sold.</summary>
public sealed class TierPriceTests(Shop shop) : IClassFixture<Shop>
{
    private const string SecretKey = "sk_test_tenderdemo0000000000000001";
    private const string OtherKey = "sk_test_otheraccount000000000000001";

    [Fact]
    public async Task A_tier_sells_the_price_that_the_provider_keeps()
    {
        var price = await NewPriceAsync(1234, "eur");
        var tier = await SaveAsync("golden", new { name = "Golden", priceId = price });
        tier.Status.ShouldBe(HttpStatusCode.OK);
        (tier.Body.GetProperty("amount").GetInt64(), tier.Word("currency"), tier.Word("priceId")).ShouldBe((1234, "eur", price));

        var (conversation, link) = await LinkAsync("golden");
        var line = (await StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{link.Word("sessionId")}/line_items")).Body.GetProperty("data")[0];
        line.GetProperty("price").GetProperty("id").GetString().ShouldBe(price);
        await shop.ControlAsync("/stripe/pay", new { session = link.Word("sessionId"), card = "4242424242424242" });

        await Shop.UntilAsync("the order is completed", async () => await shop.ReadAsync<string>("select status from orders where conversation_id = @conversation", new { conversation }) is "completed");
        (await shop.ReadAsync<long>("select amount_minor from orders where conversation_id = @conversation and currency = 'eur'", new { conversation })).ShouldBe(1234);
    }

    [Fact]
    public async Task Another_account_is_asked_for_the_sum_alone()
    {
        var price = await NewPriceAsync(700, "usd");
        await SaveAsync("moved", new { name = "Moved", priceId = price });
        var (db, keeper) = (await shop.TenantAsync(), await shop.ReadAsync<string>("select price_connection_id from tiers where code = 'moved' and mode = 'test'"));
        await ConnectOtherAsync(db);
        await EnableAsync(db, keeper, false);

        var (_, link) = await LinkAsync("moved");
        await EnableAsync(db, keeper, true);

        var line = (await StripeAsync(HttpMethod.Get, $"/v1/checkout/sessions/{link.Word("sessionId")}/line_items", key: OtherKey)).Body.GetProperty("data")[0];
        line.GetProperty("amount_total").GetInt64().ShouldBe(700);
        line.GetProperty("price").GetProperty("id").GetString().ShouldNotBe(price);
    }

    [Fact]
    public async Task A_price_that_is_taken_off_sale_is_the_providers_reason_for_no_link()
    {
        var price = await NewPriceAsync(900, "usd");
        await SaveAsync("ended", new { name = "Ended", priceId = price });
        await StripeAsync(HttpMethod.Post, $"/v1/prices/{price}", "active=false");

        var (_, link) = await LinkAsync("ended", HttpStatusCode.BadGateway);

        link.Word("detail").ShouldContain("inactive");
        await RefusedAsync(SaveAsync("ended", new { name = "Ended", priceId = price }), HttpStatusCode.UnprocessableEntity, "unknown_price");
    }

    [Fact]
    public async Task What_is_no_price_makes_no_tier()
    {
        await RefusedAsync(SaveAsync("none", new { name = "None", priceId = "price_none" }), HttpStatusCode.UnprocessableEntity, "unknown_price");
        await RefusedAsync(SaveAsync("none", new { name = "None", priceId = "../account" }), HttpStatusCode.UnprocessableEntity, "unknown_price");
        await RefusedAsync(SaveAsync("none", new { name = "None", amount = 5, priceId = "price_none" }), HttpStatusCode.BadRequest, "invalid_request");
        await RefusedAsync(SaveAsync("none", new { name = "None", currency = "usd", priceId = "price_none" }), HttpStatusCode.BadRequest, "invalid_request");
        await RefusedAsync(SaveAsync("none", new { name = "None" }), HttpStatusCode.BadRequest, "invalid_request");
        await shop.FaultAsync("status_500_before", new { path = "/v1/prices/price_none" });
        await RefusedAsync(SaveAsync("none", new { name = "None", priceId = "price_none" }), HttpStatusCode.BadGateway, "provider_not_reached");
        (await shop.ReadAsync<long>("select count(*) from tiers where code = 'none'")).ShouldBe(0);
    }

    private async Task ConnectOtherAsync(TenantDb db)
    {
        await shop.ControlAsync("/stripe/accounts", new { secretKey = OtherKey, publishableKey = "pk_test_otheraccount000000000000001" });
        var credentials = new ReadCredentials.Outcome.Read(
            new Dictionary<string, string> { ["publishableKey"] = "pk_test_otheraccount000000000000001" },
            new Dictionary<string, Secret> { ["secretKey"] = new(OtherKey), ["webhookSecret"] = new("whsec_of_the_other") });
        var made = await shop.Get<CreateConnection>().RunOpenedAsync(db, shop.Get<AllProviders>().Find("stripe")!, new("stripe", "Other", "test", [], Currencies: ["usd"]), credentials,
            new("usr_1", db.Tenant.Code, Mode.Test, Callers.Admin), CancellationToken.None);
        made.ShouldBeOfType<Saved.Created>();
    }

    private async Task EnableAsync(TenantDb db, string connectionId, bool isEnabled)
    {
        await db.ExecuteAsync("update connections set is_enabled = @isEnabled where id = @connectionId", new { connectionId, isEnabled }, CancellationToken.None);
        shop.Get<ReadConnections>().Changed(db.Tenant);
    }

    private async Task<string> NewPriceAsync(long amount, string currency) =>
        (await StripeAsync(HttpMethod.Post, "/v1/prices", $"currency={currency}&unit_amount={amount}&product_data[name]=Golden access")).Word("id");

    private async Task<Answer> SaveAsync(string code, object tier) => await Answer.ReadAsync(await shop.Api.PutAsJsonAsync($"/api/tiers/{code}", tier));

    private async Task<(string Conversation, Answer Link)> LinkAsync(string tier, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var conversation = (await SendAsync("/api/conversations", new { title = "How tides work" })).Word("id");
        var link = await SendAsync("/api/payments/link", new { conversationId = conversation, tier });
        link.Status.ShouldBe(expected, link.Body.ToString());
        return (conversation, link);
    }

    private async Task<Answer> SendAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Tender-User", "ada");
        return await Answer.ReadAsync(await shop.Api.SendAsync(request));
    }

    private static async Task RefusedAsync(Task<Answer> saving, HttpStatusCode status, string code)
    {
        var answer = await saving;
        (answer.Status, answer.Word("code")).ShouldBe((status, code));
    }

    // The merchant's own work in Stripe's dashboard.
    private async Task<Answer> StripeAsync(HttpMethod method, string path, string? form = null, string key = SecretKey)
    {
        using var request = new HttpRequestMessage(method, $"{shop.SimulatorUrl}/stripe{path}");
        if (form is not null) request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        request.Headers.Authorization = new("Bearer", key);
        return await Answer.ReadAsync(await shop.Api.SendAsync(request));
    }
}
