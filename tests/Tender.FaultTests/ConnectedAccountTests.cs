using System.Net;
using System.Net.Http.Json;

namespace Tender.FaultTests;

/// <summary>A platform charges directly on an account connected to it; the news come to the platform's own address.</summary>
public sealed class ConnectedAccountTests(Shop shop) : IClassFixture<Shop>
{
    private const string Stall = "acct_stall";
    private const string Stranger = "acct_stranger";

    [Fact]
    public async Task A_direct_charge_is_made_on_the_connected_account_and_its_news_come_to_the_platform()
    {
        var connection = await ConnectAsync(Stall, "chf");

        var created = await CreateAsync("chf");
        await shop.PayAsync(created);

        var payment = created.Word("id");
        await Shop.UntilAsync("the platform's webhook is applied", async () =>
            await shop.ReadAsync<long>("select count(*) from provider_events where connection_id = 'platform:stripe' and payment_id = @payment and type = 'payment_intent.succeeded' and outcome = 'applied'", new { payment }) > 0);
        (await shop.ReadAsync<string>("select status from payments where id = @payment", new { payment })).ShouldBe("succeeded");
        (await shop.ReadAsync<string>("select connection_id from payments where id = @payment", new { payment })).ShouldBe(connection);
        (await shop.LedgerAsync(Stall)).GetProperty("movements").EnumerateArray().Count(m => m.GetProperty("kind").GetString() is "charge").ShouldBe(1);
        (await shop.RefundAsync(payment, 500)).Status.ShouldBe(HttpStatusCode.Created);
        (await shop.LedgerAsync(Stall)).GetProperty("movements").EnumerateArray().Count(m => m.GetProperty("kind").GetString() is "refund").ShouldBe(1);
    }

    [Fact]
    public async Task An_account_that_withdraws_its_access_is_checked_at_once()
    {
        var connection = await ConnectAsync(Stranger, "nok");
        (await CreateAsync("nok")).Status.ShouldBe(HttpStatusCode.Created);

        await shop.ControlAsync($"/stripe/accounts/{Stranger}/disconnect", new { });

        await Shop.UntilAsync("the connection is known to be broken", async () =>
            await shop.ReadAsync<string>("select status from connections where id = @connection", new { connection }) is "unhealthy");
        (await shop.ReadAsync<long>("select count(*) from provider_events where outcome = 'account_checked'")).ShouldBe(1);
        (await CreateAsync("nok")).Status.ShouldBe(HttpStatusCode.BadGateway);
    }

    private async Task<string> ConnectAsync(string account, string currency)
    {
        await shop.ControlAsync("/stripe/webhook_endpoints", new { url = $"{shop.Demo.BaseUrl}/api/webhooks/stripe", connect = true, secret = "whsec_faulttests" });
        return await ConnectedAccount.ConnectAsync(shop, account, currency);
    }

    private async Task<Answer> CreateAsync(string currency) =>
        await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/payments", new { amount = 2_000, currency, presentation = "embedded" }));
}
