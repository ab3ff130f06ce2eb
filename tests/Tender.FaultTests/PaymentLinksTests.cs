using System.Net;
using System.Text.Json;
using Tender.Server.Payments;
using static Tender.FaultTests.LinkSite;

namespace Tender.FaultTests;

/// <summary>A link is made, opened and paid; whoever orders gets an ordinary session, and only by the form.</summary>
public sealed class PaymentLinksTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_link_of_a_product_ends_in_tickets_and_is_counted()
    {
        var link = await shop.LinkAsync(new { title = "Two for the festival", kind = "product", shop.Demo.ProductId, quantity = 2 });
        var payer = shop.Payer();
        await payer.OpenAsync(link.Word("url"));
        await payer.OpenAsync(link.Word("url"));
        payer.Page.ShouldContain("98.00");
        (await shop.ReadAsync<long>("select count(*) from checkout_sessions where link_id = @id", new { id = link.Word("id") })).ShouldBe(0);

        await payer.SendFormAsync();
        var confirmed = await PaidAsync(SessionOf(payer));

        confirmed.Body.GetProperty("ticketIds").GetArrayLength().ShouldBe(2);
        await Shop.UntilAsync("visits are written", async () => (await shop.LinkNowAsync(link)).Body.GetProperty("statistics").GetProperty("visits").GetInt64() is 2);
        var now = await shop.LinkNowAsync(link);
        now.Body.GetProperty("statistics").ToString().ShouldBe("""{"visits":2,"started":1,"paid":1,"volume":9800,"conversion":0.5}""");
        (now.Word("status"), now.Body.GetProperty("taken").GetInt32()).ShouldBe(("open", 1));
        var payment = await shop.ReadAsync<string>("select payment_id from checkout_sessions where link_id = @id", new { id = link.Word("id") });
        (await shop.Get<ReadPaymentDetail>().RunAsync(await shop.TenantAsync(), payment, default))!.Payment.LinkId.ShouldBe(link.Word("id"));
    }

    [Fact]
    public async Task A_sum_without_a_product_ends_in_an_invoice_with_the_title_as_its_line()
    {
        var link = await shop.LinkAsync(new { title = "Piano lesson, 45 minutes", kind = "amount", amount = 3_550, currency = "USD" });

        var session = SessionOf(await shop.OrderAsync(link));
        var confirmed = await PaidAsync(session);

        var lines = await shop.ReadAsync<string>("select content -> 'lines' from documents where id = @id", new { id = confirmed.Word("invoiceId") });
        JsonSerializer.Deserialize<JsonElement>(lines)[0].GetProperty("product").GetString().ShouldBe("Piano lesson, 45 minutes");
        JsonSerializer.Deserialize<JsonElement>(lines)[0].GetProperty("amount").GetInt64().ShouldBe(3_550);
        confirmed.Body.GetProperty("ticketIds").GetArrayLength().ShouldBe(0);
        var seen = await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/v1/checkout/sessions/{session}", UriKind.Relative)));
        seen.Body.GetProperty("productId").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("12.50", 1_250)]
    [InlineData("12,50", 1_250)]
    [InlineData("5", 500)]
    [InlineData("1 000.00", 100_000)]
    public async Task The_payer_chooses_the_sum(string typed, long minor)
    {
        var link = await shop.LinkAsync(new { title = "For the lifeboats", kind = "choose", amountMin = 500, amountMax = 100_000 });

        var session = SessionOf(await shop.OrderAsync(link, ("amount", typed)));

        (await shop.ReadAsync<long>("select amount_minor from checkout_sessions where id = @session", new { session })).ShouldBe(minor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("4.99")]
    [InlineData("-20")]
    [InlineData("20.001")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("1000.01")]
    [InlineData("99999999999999999999999999999")]
    [InlineData("twenty")]
    public async Task A_sum_that_is_none_is_said_beside_the_field_and_what_was_typed_is_kept(string typed)
    {
        var link = await shop.LinkAsync(new { title = "For the lifeboats", kind = "choose", amountMin = 500, amountMax = 100_000 });

        var payer = await shop.OrderAsync(link, ("amount", typed), ("email", "cleo@example.com"));

        payer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        payer.Page.ShouldContain("field-amount-error");
        payer.Page.ShouldContain("value=\"cleo@example.com\"");
        if (typed.Length > 0) payer.Page.ShouldContain($"value=\"{typed}\"");
        (await shop.LinkNowAsync(link)).Body.GetProperty("statistics").GetProperty("started").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("email", "bea")]
    [InlineData("email", "")]
    [InlineData("email", "bea@example.com\r\nBcc: all@example.com")]
    [InlineData("quantity", "0")]
    [InlineData("quantity", "6")]
    [InlineData("quantity", "1.5")]
    [InlineData("name", "B\u0007")]
    public async Task Nothing_else_is_taken_as_it_comes_either(string field, string typed)
    {
        var link = await shop.LinkAsync(new { title = "Festival", kind = "product", shop.Demo.ProductId, quantityMax = 5 });

        var payer = await shop.OrderAsync(link, ("quantity", "1"), (field, typed));

        payer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, payer.Page);
        payer.Page.ShouldContain($"field-{field}-error");
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_no_fault_of_ours()
    {
        var payer = await shop.OrderAsync(await shop.LinkAsync(), ("name", "\0"));

        payer.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_same_form_sent_twice_or_at_once_leads_to_one_session()
    {
        var link = await shop.LinkAsync(new { title = "Once", kind = "amount", amount = 1_000, limit = 1 });
        var payer = shop.Payer();
        await payer.OpenAsync(link.Word("url"));
        var form = payer.Page;

        var sessions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AgainAsync(link, form)));

        sessions.Distinct().ShouldHaveSingleItem();
        (await AgainAsync(link, form)).ShouldBe(sessions[0]);
        (await shop.ReadAsync<long>("select count(*) from checkout_sessions where link_id = @id", new { id = link.Word("id") })).ShouldBe(1);
    }

    [Fact]
    public async Task Who_comes_back_and_orders_otherwise_does_not_hold_two_places()
    {
        var link = await shop.LinkAsync(new { title = "The last one", kind = "product", shop.Demo.ProductId, quantityMax = 3, limit = 1 });
        var payer = await shop.OrderAsync(link, ("quantity", "1"));
        var first = SessionOf(payer);

        await payer.OpenAsync(link.Word("url"));
        payer.Status.ShouldBe(HttpStatusCode.OK);
        await payer.SendFormAsync(("quantity", "1"));
        SessionOf(payer).ShouldBe(first);
        await payer.OpenAsync(link.Word("url"));
        await payer.SendFormAsync(("quantity", "3"));

        SessionOf(payer).ShouldNotBe(first);
        (await shop.ReadAsync<string>("select p.status from payments p join checkout_sessions s on s.payment_id = p.id where s.id = @first", new { first })).ShouldBe("canceled");
        (await shop.LinkNowAsync(link)).Body.GetProperty("taken").GetInt32().ShouldBe(1);
        var stranger = shop.Payer();
        await stranger.OpenAsync(link.Word("url"));
        (stranger.Status, stranger.Page.Contains("Somebody is paying right now", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true));
    }

    [Fact]
    public async Task Who_has_paid_and_orders_again_before_we_know_is_shown_what_is_paid()
    {
        var link = await shop.LinkAsync(new { title = "Paid already", kind = "product", shop.Demo.ProductId, quantityMax = 3 });
        var payer = await shop.OrderAsync(link, ("quantity", "1"));
        var first = SessionOf(payer);
        await shop.FaultAsync("none", new { }, times: 4);
        await shop.PayAsync(await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/v1/checkout/sessions/{first}", UriKind.Relative))));

        await payer.OpenAsync(link.Word("url"));
        await payer.SendFormAsync(("quantity", "2"));

        SessionOf(payer).ShouldBe(first);
        payer.Page.ShouldContain("Paid. Thank you.");
    }

    [Fact]
    public async Task An_order_that_cannot_be_closed_gets_no_other_beside_it()
    {
        var link = await shop.LinkAsync(new { title = "One at a time", kind = "product", shop.Demo.ProductId, quantityMax = 3 });
        var payer = await shop.OrderAsync(link, ("quantity", "1"));
        var secret = (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/v1/checkout/sessions/{SessionOf(payer)}", UriKind.Relative)))).Word("clientSecret");
        await payer.OpenAsync(link.Word("url"));
        await shop.FaultAsync("drop_before", new { method = "POST", path = $"/{secret.Split("_secret")[0]}/cancel$" }, times: 10);

        await payer.SendFormAsync(("quantity", "2"));

        (payer.Status, payer.Page.Contains("how your order before stands", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.ServiceUnavailable, true), payer.Page);
        (await shop.ReadAsync<long>("select count(*) from checkout_sessions where link_id = @id", new { id = link.Word("id") })).ShouldBe(1);
    }

    [Fact]
    public async Task A_session_that_is_over_leads_back_to_its_link()
    {
        var link = await shop.LinkAsync();
        var payer = await shop.OrderAsync(link);
        var session = SessionOf(payer);
        await (await shop.TenantAsync()).ExecuteAsync("update payments set status = 'expired', was_closed = true where purpose_id = @session", new { session }, default);

        await payer.OpenAsync($"/pay/{session}");

        payer.Page.ShouldContain($"href=\"/pay/l/{link.Word("code")}\"");
        payer.Page.ShouldNotContain("the shop");
    }

    [Fact]
    public async Task A_link_that_is_over_says_so()
    {
        var (closed, expired, used) = (await shop.LinkAsync(), await shop.LinkAsync(), await shop.LinkAsync(new { title = "Once", kind = "amount", amount = 1_000, limit = 1 }));
        (await shop.ChangeLinkAsync(closed, new { isOpen = false })).Word("status").ShouldBe("closed");
        await (await shop.TenantAsync()).ExecuteAsync("update payment_links set expires_at = now() - interval '1 minute' where id = @id", new { id = expired.Word("id") }, default);
        await PaidAsync(SessionOf(await shop.OrderAsync(used)));

        foreach (var (address, status, says) in new[]
        {
            (closed.Word("url"), HttpStatusCode.Gone, "This link is closed"), (expired.Word("url"), HttpStatusCode.Gone, "This link has ended"), (used.Word("url"), HttpStatusCode.Gone, "it is paid"),
            (closed.Word("url")[..^1] + "z", HttpStatusCode.NotFound, "There is no such link"), ($"{shop.Demo.BaseUrl}/pay/l/x", HttpStatusCode.NotFound, "There is no such link"),
            ($"{shop.Demo.BaseUrl}/pay/l/zzzzzz0000000000", HttpStatusCode.NotFound, "There is no such link"),
        })
        {
            var payer = shop.Payer();
            await payer.OpenAsync(address);
            (payer.Status, payer.Page.Contains(says, StringComparison.Ordinal)).ShouldBe((status, true), $"{address} {payer.Page}");
            payer.Page.ShouldNotContain("<form");
        }

        (await shop.ChangeLinkAsync(closed, new { isOpen = true })).Word("status").ShouldBe("open");
        SessionOf(await shop.OrderAsync(closed)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_form_that_was_opened_before_the_link_closed_begins_nothing()
    {
        var link = await shop.LinkAsync();
        var payer = shop.Payer();
        await payer.OpenAsync(link.Word("url"));
        await shop.ChangeLinkAsync(link, new { isOpen = false });

        await payer.SendFormAsync();

        (payer.Status, payer.Page.Contains("This link is closed", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Gone, true));
    }

    [Fact]
    public async Task A_provider_that_is_down_is_said_and_the_same_form_pays_later()
    {
        var link = await shop.LinkAsync(new { title = "Lesson", kind = "choose", limit = 1 });
        await shop.FaultAsync("status_500_before", new { method = "POST", path = "^/v1/payment_intents$" });
        var payer = await shop.OrderAsync(link, ("amount", "20.00"));

        payer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        payer.Page.ShouldContain("Nothing was charged");
        payer.Page.ShouldContain("value=\"20.00\"");
        await Shop.UntilAsync("the place is free", async () => (await shop.LinkNowAsync(link)).Body.GetProperty("taken").GetInt32() is 0);
        await Shop.UntilAsync("the provider is tried again", async () =>
        {
            await payer.SendFormAsync(("amount", "20.00"));
            return payer.At.Contains("/pay/cs_", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Nothing_that_serves_the_currency_is_said()
    {
        var link = await shop.LinkAsync(new { title = "Lesson", kind = "amount", amount = 1_000, currency = "xcd" });
        await (await shop.TenantAsync()).ExecuteAsync("update payment_links set currency = 'kpw' where id = @id", new { id = link.Word("id") }, default);

        var payer = await shop.OrderAsync(link);

        (payer.Status, payer.Page.Contains("cannot take this payment", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.ServiceUnavailable, true), payer.Page);
    }

    // Sends a form as it stood, from a browser that knows nothing else.
    private static async Task<string> AgainAsync(Answer link, string page)
    {
        var token = page.Split("name=\"form\" value=\"")[1].Split('"')[0];
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var answer = await http.PostAsync(new Uri(link.Word("url")), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "pay",
            ["form"] = token,
            ["email"] = "bea@example.com",
        }));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private async Task<Answer> PaidAsync(string session)
    {
        await shop.PayAsync(await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/v1/checkout/sessions/{session}", UriKind.Relative))));
        var confirmed = await shop.ConfirmAsync(session);
        confirmed.Status.ShouldBe(HttpStatusCode.OK, confirmed.Body.ToString());
        return confirmed;
    }
}
