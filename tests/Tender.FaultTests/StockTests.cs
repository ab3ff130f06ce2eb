using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Products;

namespace Tender.FaultTests;

/// <summary>Each mode counts its own stock: trying things out takes nothing from what is really sold.</summary>
public sealed class StockTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_test_session_holds_sells_and_frees_test_stock_alone()
    {
        var (product, live) = (await MadeAsync(stock: 5), await LiveAsync());

        var session = await OfferAsync(shop.Api, product, 2);
        session.Status.ShouldBe(HttpStatusCode.Created);
        (await LeftAsync(shop.Api, product), await LeftAsync(live, product)).ShouldBe((3, 5));
        (await OfferAsync(shop.Api, product, 4)).Word("code").ShouldBe("sold_out");

        await ExpireAsync(session);
        (await LeftAsync(shop.Api, product), await LeftAsync(live, product)).ShouldBe((5, 5));

        // The money comes after all.
        await ReportPaidAsync(await shop.PaymentOfAsync(session));
        (await LeftAsync(shop.Api, product), await LeftAsync(live, product)).ShouldBe((3, 5));
    }

    [Fact]
    public async Task What_late_money_sold_is_not_sold_again()
    {
        var product = await MadeAsync(stock: 4);
        var first = await OfferAsync(shop.Api, product, 2);
        await ExpireAsync(first);
        var (second, third) = (await OfferAsync(shop.Api, product, 3), await OfferAsync(shop.Api, product, 1));

        // Four are held, two more are paid: nothing is left, and that is never told as less than nothing.
        await ReportPaidAsync(await shop.PaymentOfAsync(first));
        (await LeftAsync(shop.Api, product)).ShouldBe(0);

        await ExpireAsync(third);
        (await LeftAsync(shop.Api, product)).ShouldBe(0);
        (await OfferAsync(shop.Api, product, 1)).Word("code").ShouldBe("sold_out");
        await ExpireAsync(second);
        (await LeftAsync(shop.Api, product)).ShouldBe(2);
    }

    [Fact]
    public async Task Who_counts_a_products_stock_anew_is_believed()
    {
        var product = await MadeAsync(stock: 2);
        var first = await OfferAsync(shop.Api, product, 2);
        await ExpireAsync(first);
        var second = await OfferAsync(shop.Api, product, 2);
        await ReportPaidAsync(await shop.PaymentOfAsync(first));

        await shop.Get<ChangeProduct>().RunAsync(
            await shop.TenantAsync(), product, new("Counted", "ticket", [new("usd", 4_900)], 5, null, null), stockShown: 0, new("test", shop.Demo.TenantId, Mode.Test, Callers.Operator), default);

        await ExpireAsync(second);
        (await LeftAsync(shop.Api, product)).ShouldBe(7);
    }

    [Fact]
    public async Task A_live_session_holds_and_frees_live_stock_alone()
    {
        var (product, live) = (await MadeAsync(stock: 5), await LiveAsync());
        await ConnectedAccount.ConnectLiveAsync(shop);

        var session = await OfferAsync(live, product, 2);
        session.Status.ShouldBe(HttpStatusCode.Created);
        (await LeftAsync(shop.Api, product), await LeftAsync(live, product)).ShouldBe((5, 3));
        (await OfferAsync(live, product, 4)).Word("code").ShouldBe("sold_out");

        await ExpireAsync(session);
        (await LeftAsync(shop.Api, product), await LeftAsync(live, product)).ShouldBe((5, 5));
    }

    private async Task<string> MadeAsync(int stock) => (await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/products", new
    {
        name = "Counted",
        kind = "ticket",
        prices = new[] { new { currency = "usd", amount = 4_900 } },
        stock,
    }))).Word("id");

    private async Task<HttpClient> LiveAsync()
    {
        var key = (await shop.Get<CreateApiKey>().RunAsync(shop.Demo.TenantId, Mode.Live, "Live", [], "test", default)).Key;
        return new() { BaseAddress = shop.Api.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
    }

    private static async Task<Answer> OfferAsync(HttpClient api, string productId, int quantity) =>
        await Answer.ReadAsync(await api.PostAsJsonAsync("/api/v1/checkout/sessions", new { productId, quantity, customerEmail = "bea@example.com" }));

    private static async Task<int> LeftAsync(HttpClient api, string product) =>
        (await Answer.ReadAsync(await api.GetAsync(new Uri($"/api/v1/products/{product}", UriKind.Relative)))).Body.GetProperty("stock").GetInt32();

    private async Task ExpireAsync(Answer session)
    {
        var id = session.Word("sessionId");
        await (await shop.TenantAsync()).ExecuteAsync("update payments set expires_at = now() - interval '1 minute' where purpose_id = @id", new { id }, default);
        await Shop.UntilAsync("it is expired", async () => await shop.ReadAsync<string>("select status from payments where purpose_id = @id", new { id }) is "expired");
    }

    private async Task ReportPaidAsync(string payment)
    {
        var db = await shop.TenantAsync();
        var live = (await ReadPayment.RunAsync(db, payment, default))!.Payment.Live!;
        var report = new PaymentReport(live.Id, live.ProviderPaymentId!, ReportedStatus.Succeeded, new(9_800, Currency.Of("usd")), null, DateTimeOffset.UnixEpoch);
        await shop.Get<RecordReport>().RunAsync(db, payment, live.Id, [report], "webhook", default);
    }
}
