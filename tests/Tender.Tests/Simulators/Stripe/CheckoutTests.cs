using System.Net;
using System.Text.Json;

namespace Tender.Tests.Simulators.Stripe;

public sealed class CheckoutTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    [Fact]
    public async Task A_session_is_paid_on_its_page_and_leads_back()
    {
        var session = await NewSessionAsync();
        session.Text("payment_status").ShouldBe("unpaid");
        session.Number("amount_total").ShouldBe(9800);
        session.GetProperty("payment_intent").ValueKind.ShouldBe(JsonValueKind.Null);
        using var page = await stripe.BrowseAsync(HttpMethod.Get, session.Text("url")!);
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldContain("98.00 USD");
        html.ShouldContain("Ticket &lt;b&gt;");
        html.ShouldContain("Simulator");

        using var refused = await PayAsync(session, "4000000000000002");
        refused.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Your card was declined.");
        using var paid = await PayAsync(session, "4242 4242 4242 4242");

        paid.Headers.Location!.ToString().ShouldBe($"https://shop.example/ok?cs={session.Text("id")}");
        var now = (await stripe.GetAsync($"/v1/checkout/sessions/{session.Text("id")}?expand[]=payment_intent&expand[]=line_items")).Ok();
        now.Text("status").ShouldBe("complete");
        now.Text("payment_status").ShouldBe("paid");
        now.Text("customer_details.email").ShouldBe("bea@shop.example");
        now.Text("payment_intent.metadata.order").ShouldBe("7");
        now.GetProperty("url").ValueKind.ShouldBe(JsonValueKind.Null);
        now.GetProperty("line_items").GetProperty("data")[0].Number("quantity").ShouldBe(2);
        (await stripe.GetAsync($"/v1/checkout/sessions?payment_intent={now.Text("payment_intent.id")}")).Ok().GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_price_is_sold_by_its_id_while_it_is_active()
    {
        var price = (await stripe.PostAsync("/v1/prices", "currency=usd&unit_amount=2500&product_data[name]=Season+ticket")).Ok().Text("id")!;
        var line = $"mode=payment&success_url=https://shop.example/ok&line_items[0][price]={price}&line_items[0][quantity]=3";
        var session = (await stripe.PostAsync("/v1/checkout/sessions", line)).Ok();
        session.Number("amount_total").ShouldBe(7500);
        (await stripe.GetAsync($"/v1/checkout/sessions/{session.Text("id")}/line_items")).Ok().GetProperty("data")[0].Text("description").ShouldBe("Season ticket");

        (await stripe.PostAsync($"/v1/prices/{price}", "active=false")).Ok();
        (await stripe.PostAsync("/v1/checkout/sessions", line)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await stripe.PostAsync("/v1/checkout/sessions", line.Replace(price, "price_none", StringComparison.Ordinal))).ShouldFail(404, "resource_missing");
        (await stripe.GetAsync("/v1/prices/price_none")).ShouldFail(404, "resource_missing");
    }

    [Fact]
    public async Task A_challenge_leads_over_the_banks_page()
    {
        var session = await NewSessionAsync();
        using var asked = await PayAsync(session, "4000000000003220");
        var bank = asked.Headers.Location!.ToString();
        bank.ShouldContain("/challenge/");

        using var agreed = await stripe.BrowseAsync(HttpMethod.Post, bank, "outcome=complete");
        using var back = await stripe.BrowseAsync(HttpMethod.Get, agreed.Headers.Location!.ToString());

        back.Headers.Location!.ToString().ShouldStartWith("https://shop.example/ok");
    }

    [Fact]
    public async Task An_expired_session_cannot_be_paid_and_its_payment_is_cancelled()
    {
        var session = await NewSessionAsync();
        using var refused = await PayAsync(session, "4000000000000002");
        (await stripe.PostAsync($"/v1/checkout/sessions/{session.Text("id")}/expire")).Ok().Text("status").ShouldBe("expired");

        using var page = await PayAsync(session, "4242424242424242");
        page.Headers.Location.ShouldNotBeNull();
        using var closed = await stripe.BrowseAsync(HttpMethod.Get, session.Text("url")!);
        closed.StatusCode.ShouldBe(HttpStatusCode.Gone);
        var now = (await stripe.GetAsync($"/v1/checkout/sessions/{session.Text("id")}?expand[]=payment_intent")).Ok();
        now.Text("payment_intent.status").ShouldBe("canceled");
        (await stripe.PostAsync($"/v1/checkout/sessions/{session.Text("id")}/expire")).ShouldFail(400, "status_transition_invalid");
    }

    [Fact]
    public async Task A_session_ends_by_itself_after_its_time()
    {
        await using var own = new OwnSimulator();
        await own.Stripe.InitializeAsync();
        var session = (await own.Stripe.PostAsync("/v1/checkout/sessions", Form())).Ok();
        await own.Stripe.AdvanceAsync((24 * 3600) + 1);

        (await own.Stripe.GetAsync($"/v1/checkout/sessions/{session.Text("id")}")).Ok().Text("status").ShouldBe("expired");
    }

    [Theory]
    [InlineData("succeeded", "checkout.session.async_payment_succeeded", "paid")]
    [InlineData("failed", "checkout.session.async_payment_failed", "unpaid")]
    public async Task A_slow_method_completes_unpaid_and_tells_the_rest_later(string outcome, string type, string status)
    {
        await using var own = new OwnSimulator();
        await own.Stripe.InitializeAsync();
        await using var ear = await WebhookEar.OpenAsync(own.Stripe, "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed");
        var session = (await own.Stripe.PostAsync("/v1/checkout/sessions", $"{Form()}&payment_method_types[]=us_bank_account")).Ok();
        var paid = await own.Stripe.ControlAsync("/stripe/pay", new { session = session.Text("id"), card = "pm_usBankAccount_processing" });
        paid.Text("session.status").ShouldBe("complete");
        paid.Text("session.payment_status").ShouldBe("unpaid");
        (await ear.NextAsync()).Type.ShouldBe("checkout.session.completed");

        await own.Stripe.ControlAsync($"/stripe/payments/{paid.Text("payment_intent.id")}/settle", new { outcome });

        var told = await ear.NextAsync();
        told.Type.ShouldBe(type);
        told.Event.Text("data.object.payment_status").ShouldBe(status);
    }

    [Fact]
    public async Task The_payment_of_a_session_is_neither_confirmed_nor_cancelled_by_hand()
    {
        var session = await NewSessionAsync();
        var intent = (await stripe.ControlAsync("/stripe/pay", new { session = session.Text("id"), card = "4000000000000002" })).Text("payment_intent.id");

        (await stripe.PostAsync($"/v1/payment_intents/{intent}/cancel")).ShouldFail(400, "payment_intent_unexpected_state");
        (await stripe.PostAsync($"/v1/payment_intents/{intent}/confirm", "payment_method=pm_card_visa&return_url=https://a.example")).ShouldFail(400, "payment_intent_unexpected_state");
    }

    [Theory]
    [InlineData("mode=payment&success_url=https://a.example", "line_items")]
    [InlineData("success_url=https://a.example", "mode")]
    [InlineData("mode=payment&success_url=https://a.example&line_items[0][quantity]=1", "line_items[0][price_data]")]
    public async Task What_is_missing_is_named(string form, string param) => (await stripe.PostAsync("/v1/checkout/sessions", form)).Error.Text("param").ShouldBe(param);

    private async Task<JsonElement> NewSessionAsync() => (await stripe.PostAsync("/v1/checkout/sessions", Form())).Ok();

    private Task<HttpResponseMessage> PayAsync(JsonElement session, string number) => stripe.BrowseAsync(HttpMethod.Post, session.Text("url")!, $"email=bea@shop.example&number={number}&expiry=12+/+31&cvc=123");

    private static string Form() => """
        mode=payment&success_url=https://shop.example/ok?cs={CHECKOUT_SESSION_ID}&cancel_url=https://shop.example/no
        &line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=4900&line_items[0][price_data][product_data][name]=Ticket <b>
        &line_items[0][quantity]=2&payment_intent_data[metadata][order]=7&client_reference_id=order-7
        """.ReplaceLineEndings("");
}
