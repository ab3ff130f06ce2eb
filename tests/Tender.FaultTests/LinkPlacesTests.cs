using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Members;
using Tender.Server.Payments;
using static Tender.FaultTests.LinkSite;

namespace Tender.FaultTests;

/// <summary>A link is never paid more often than it may be, however many pay at once; a place that came to nothing is free again.</summary>
public sealed class LinkPlacesTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Of_twenty_who_pay_at_once_three_get_the_three_places()
    {
        var link = await shop.LinkAsync(new { title = "Three", kind = "amount", amount = 1_000, limit = 3 });

        var payers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var payer = shop.Payer();
            await payer.OpenAsync(link.Word("url"));
            if (payer.Status is HttpStatusCode.OK) await payer.SendFormAsync();
            return payer;
        }));

        payers.Count(payer => payer.At.Contains("/pay/cs_", StringComparison.Ordinal)).ShouldBe(3);
        payers.ShouldAllBe(payer => payer.Status == HttpStatusCode.OK || (payer.Status == HttpStatusCode.Conflict && payer.Page.Contains("Somebody is paying right now")));
        (await shop.ReadAsync<long>("select count(*) from checkout_sessions where link_id = @id", new { id = link.Word("id") })).ShouldBe(3);
        (await TakenAsync(link)).ShouldBe(3);
    }

    [Fact]
    public async Task A_place_comes_back_when_its_session_ends_without_money_and_late_money_is_still_believed()
    {
        var link = await shop.LinkAsync(new { title = "One", kind = "amount", amount = 9_800, limit = 1 });
        var first = SessionOf(await shop.OrderAsync(link));
        await ExpireAsync(first);
        (await TakenAsync(link)).ShouldBe(0);

        var second = SessionOf(await shop.OrderAsync(link));
        await ReportPaidAsync(first);
        await ReportPaidAsync(second);

        var now = await shop.LinkNowAsync(link);
        (now.Word("status"), now.Body.GetProperty("taken").GetInt32(), now.Body.GetProperty("statistics").GetProperty("paid").GetInt64()).ShouldBe(("paid_out", 2, 2));
        now.Body.GetProperty("statistics").GetProperty("volume").GetInt64().ShouldBe(19_600);
        (await shop.ReadAsync<string>("select exception from payments where purpose_id = @first", new { first })).ShouldBe("late");
    }

    [Fact]
    public async Task A_place_that_late_money_took_is_not_given_to_another()
    {
        var link = await shop.LinkAsync(new { title = "Two", kind = "amount", amount = 9_800, limit = 2 });
        var first = SessionOf(await shop.OrderAsync(link));
        await ExpireAsync(first);
        var (second, third) = (SessionOf(await shop.OrderAsync(link)), SessionOf(await shop.OrderAsync(link)));
        await ReportPaidAsync(first);
        (await TakenAsync(link)).ShouldBe(3);
        (await shop.ChangeLinkAsync(link, new { title = "Two places", limit = 2 })).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.ChangeLinkAsync(link, new { limit = 1 })).Word("code").ShouldBe("limit_too_low");

        await ExpireAsync(second);

        var fourth = shop.Payer();
        await fourth.OpenAsync(link.Word("url"));
        fourth.Status.ShouldBe(HttpStatusCode.Conflict);
        await ReportPaidAsync(third);
        var now = await shop.LinkNowAsync(link);
        (now.Word("status"), now.Body.GetProperty("taken").GetInt32(), now.Body.GetProperty("statistics").GetProperty("paid").GetInt64()).ShouldBe(("paid_out", 2, 2));
    }

    [Fact]
    public async Task A_report_that_comes_again_counts_once()
    {
        var link = await shop.LinkAsync(new { title = "Again", kind = "amount", amount = 9_800 });
        var session = SessionOf(await shop.OrderAsync(link));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReportPaidAsync(session)));

        (await shop.LinkNowAsync(link)).Body.GetProperty("statistics").GetProperty("paid").GetInt64().ShouldBe(1);
        (await TakenAsync(link)).ShouldBe(1);
    }

    [Fact]
    public async Task A_limit_is_not_lowered_below_what_is_taken()
    {
        var link = await shop.LinkAsync(new { title = "Two", kind = "amount", amount = 1_000 });
        await shop.OrderAsync(link);
        await shop.OrderAsync(link);

        var refused = await shop.ChangeLinkAsync(link, new { limit = 1 });
        (refused.Status, refused.Word("code"), refused.Body.GetProperty("taken").GetInt32()).ShouldBe((HttpStatusCode.Conflict, "limit_too_low", 2));
        (await shop.ChangeLinkAsync(link, new { limit = 2 })).Body.GetProperty("limit").GetInt32().ShouldBe(2);
        var late = shop.Payer();
        await late.OpenAsync(link.Word("url"));
        late.Status.ShouldBe(HttpStatusCode.Conflict);
        (await shop.ChangeLinkAsync(link, new { noLimit = true })).Body.GetProperty("limit").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        SessionOf(await shop.OrderAsync(link)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_link_holds_its_products_stock_too()
    {
        var product = (await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/products", new { name = "Rare", kind = "ticket", prices = new[] { new { currency = "usd", amount = 500 } }, stock = 2 }))).Word("id");
        var link = await shop.LinkAsync(new { title = "Rare", kind = "product", productId = product, quantityMax = 5 });

        var tooMany = await shop.OrderAsync(link, ("quantity", "3"));
        tooMany.Page.ShouldContain("Fewer are left than that.");
        (await TakenAsync(link)).ShouldBe(0);
        SessionOf(await shop.OrderAsync(link, ("quantity", "2"))).ShouldNotBeEmpty();
        var late = shop.Payer();
        await late.OpenAsync(link.Word("url"));
        (late.Status, late.Page.Contains("Sold out", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true));
    }

    [Fact]
    public async Task Test_and_live_do_not_see_each_others_links()
    {
        var link = await shop.LinkAsync();
        var key = (await shop.Get<CreateApiKey>().RunAsync(shop.Demo.TenantId, Mode.Live, "Live", [], "test", default)).Key;
        using var live = new HttpClient { BaseAddress = shop.Api.BaseAddress, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

        (await live.GetAsync(new Uri($"/api/payment-links/{link.Word("id")}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await live.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/payment-links")).GetProperty("data").GetArrayLength().ShouldBe(0);
        var session = SessionOf(await shop.OrderAsync(link));
        (await shop.ReadAsync<string>("select mode from payments where purpose_id = @session", new { session })).ShouldBe("test");
    }

    private async Task<int> TakenAsync(Answer link) => (await shop.LinkNowAsync(link)).Body.GetProperty("taken").GetInt32();

    private async Task ExpireAsync(string session)
    {
        await (await shop.TenantAsync()).ExecuteAsync("update payments set expires_at = now() - interval '1 minute' where purpose_id = @session", new { session }, default);
        await Shop.UntilAsync("it is expired", async () => await shop.ReadAsync<string>("select status from payments where purpose_id = @session", new { session }) is "expired");
    }

    private async Task ReportPaidAsync(string session)
    {
        var db = await shop.TenantAsync();
        var payment = await shop.ReadAsync<string>("select payment_id from checkout_sessions where id = @session", new { session });
        var attempt = (await ReadPayment.RunAsync(db, payment, default))!.Payment.Attempts[^1];
        var report = new PaymentReport(attempt.Id, attempt.ProviderPaymentId!, ReportedStatus.Succeeded, new(9_800, Currency.Of("usd")), null, DateTimeOffset.UnixEpoch);
        await shop.Get<RecordReport>().RunAsync(db, payment, attempt.Id, [report], "webhook", default);
    }
}
