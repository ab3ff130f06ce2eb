using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using static Tender.Tests.Providers.Stripe.StripeSamples;

namespace Tender.Tests.Providers.Stripe;

/// <summary>What goes onto the wire, to the letter.</summary>
public sealed class StripeWireTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_embedded_start_is_a_payment_intent()
    {
        var sent = await SentBy(Request(Presentation.Embedded), StripeExam.OwnKeys);

        (sent.Method, sent.Path).ShouldBe((HttpMethod.Post, "/v1/payment_intents"));
        sent.Headers["Authorization"].ShouldBe("Bearer sk_test_CANARY0000000000");
        sent.Headers["Stripe-Version"].ShouldBe("2026-07-29.dahlia");
        sent.Headers["Idempotency-Key"].ShouldBe("tender-att_1-start");
        sent.Headers.ContainsKey("Stripe-Account").ShouldBeFalse();
        sent.Fields.ShouldBe(new Dictionary<string, string>
        {
            ["amount"] = "4900",
            ["currency"] = "eur",
            ["automatic_payment_methods[enabled]"] = "true",
            ["description"] = "Tickets & “more” = 2+1",
            ["metadata[tender_attempt]"] = "att_1",
            ["metadata[tender_payment]"] = "pay_1",
            ["metadata[odd key&]"] = "a=b&c",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_hosted_start_is_a_checkout_session()
    {
        var sent = await SentBy(Request(Presentation.Hosted) with { CaptureLater = true }, StripeExam.OwnKeys);

        sent.Path.ShouldBe("/v1/checkout/sessions");
        sent.Headers["Idempotency-Key"].ShouldBe("tender-att_1-start");
        sent.Fields.ShouldBe(new Dictionary<string, string>
        {
            ["mode"] = "payment",
            ["line_items[0][quantity]"] = "1",
            ["line_items[0][price_data][currency]"] = "eur",
            ["line_items[0][price_data][unit_amount]"] = "4900",
            ["line_items[0][price_data][product_data][name]"] = "Tickets & “more” = 2+1",
            ["success_url"] = "https://shop.example/ok?order=1",
            ["cancel_url"] = "https://shop.example/no",
            ["client_reference_id"] = "att_1",
            ["customer_email"] = "bea+test@example.com",
            ["expires_at"] = Now.AddHours(2).ToUnixTimeSeconds().ToString(),
            ["metadata[tender_attempt]"] = "att_1",
            ["metadata[tender_payment]"] = "pay_1",
            ["metadata[odd key&]"] = "a=b&c",
            ["payment_intent_data[description]"] = "Tickets & “more” = 2+1",
            ["payment_intent_data[capture_method]"] = "manual",
            ["payment_intent_data[metadata][tender_attempt]"] = "att_1",
            ["payment_intent_data[metadata][tender_payment]"] = "pay_1",
            ["payment_intent_data[metadata][odd key&]"] = "a=b&c",
        }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_direct_charge_names_the_connected_account_on_every_request()
    {
        var account = StripeExam.OwnKeys with { Fields = new Dictionary<string, string>(StripeExam.OwnKeys.Fields) { ["connectedAccount"] = "acct_1" } };

        (await SentBy(Request(Presentation.Embedded), account)).Headers["Stripe-Account"].ShouldBe("acct_1");
        (await SentBy(Request(Presentation.Hosted), account)).Headers["Stripe-Account"].ShouldBe("acct_1");
    }

    // 30 minutes to 24 hours are Stripe's bounds; a time outside is moved to a full hour inside, so that a repeat a little later says the same.
    [Theory]
    [InlineData(10, "2026-03-01T13:00:00Z")]
    [InlineData(-60, "2026-03-01T13:00:00Z")]
    [InlineData(45, "2026-03-01T12:45:00Z")]
    [InlineData(60 * 23, "2026-03-02T11:00:00Z")]
    [InlineData(60 * 48, "2026-03-02T11:00:00Z")]
    public async Task A_hosted_page_lives_within_stripes_bounds(int minutes, string expires)
    {
        var sent = await SentBy(Request(Presentation.Hosted) with { ExpiresAt = Now.AddMinutes(minutes) }, StripeExam.OwnKeys);

        DateTimeOffset.FromUnixTimeSeconds(long.Parse(sent.Fields["expires_at"])).ShouldBe(DateTimeOffset.Parse(expires));
    }

    [Fact]
    public async Task Keys_of_the_other_mode_are_not_used()
    {
        var wire = new ScriptedWire(ScriptedWire.Json(Payment("requires_payment_method")));

        var answer = await new StripeExam().Pupil(wire).StartAsync(Request(Presentation.Embedded), StripeExam.OwnKeys with { Mode = Mode.Live }, default);

        answer.ShouldBeOfType<ProviderAnswer.Refused>().Retriable.ShouldBeTrue();
        wire.Sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sk_test_with\r\nHost: evil")]
    [InlineData("sk_test_with space")]
    [InlineData("sk_test_ünicode")]
    public async Task A_malformed_key_is_neither_sent_nor_printed(string key)
    {
        var wire = new ScriptedWire(ScriptedWire.Json(Payment("requires_payment_method")));
        var account = StripeExam.OwnKeys with { Secrets = new Dictionary<string, Secret> { ["secretKey"] = new(key) } };

        var answer = await new StripeExam().Pupil(wire).StartAsync(Request(Presentation.Embedded), account, default);

        answer.ShouldBeOfType<ProviderAnswer.Refused>().Reason.ShouldNotContain(key);
        wire.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refunds_reason_goes_where_stripe_takes_it()
    {
        var known = await RefundSent("duplicate");
        known.Fields["reason"].ShouldBe("duplicate");
        known.Fields.ContainsKey("metadata[tender_reason]").ShouldBeFalse();
        known.Headers["Idempotency-Key"].ShouldBe("tender-ref_1");

        var ours = await RefundSent(new string('x', 900));
        ours.Fields.ContainsKey("reason").ShouldBeFalse();
        ours.Fields["metadata[tender_reason]"].Length.ShouldBe(500);
        ours.Fields["metadata[tender_refund]"].ShouldBe("ref_1");

        var cut = await RefundSent(new string('x', 499) + "🙂 and more");
        cut.Fields["metadata[tender_reason]"].ShouldBe(new string('x', 499));
    }

    [Fact]
    public async Task Closing_sends_no_key_that_would_repeat_an_old_error()
    {
        var wire = new ScriptedWire(ScriptedWire.Json(Payment("canceled")));

        await ((ICancelPayments)new StripeExam().Pupil(wire)).CancelAsync(new("att_1", PaymentId, Presentation.Embedded, Now), CancelReason.TimeUp, StripeExam.OwnKeys, default);

        wire.Sent.Single().Headers.ContainsKey("Idempotency-Key").ShouldBeFalse();
        wire.Sent.Single().Fields["cancellation_reason"].ShouldBe("abandoned");
    }

    [Fact]
    public async Task A_search_without_end_is_given_up_as_unknown()
    {
        var wire = new ScriptedWire(ScriptedWire.Json(Other.Replace("\"has_more\":false", "\"has_more\":true", StringComparison.Ordinal)));

        var answer = await new StripeExam().Pupil(wire).AskAsync(new("att_1", null, Presentation.Embedded, Now), StripeExam.OwnKeys, default);

        answer.ShouldBeOfType<ProviderAnswer.Unknown>();
        wire.Sent.Count.ShouldBe(50);
    }

    [Fact]
    public async Task Not_found_is_only_said_after_both_lists_were_read_to_their_end()
    {
        var wire = new ScriptedWire(
            ScriptedWire.Json(Other.Replace("\"has_more\":false", "\"has_more\":true", StringComparison.Ordinal)),
            ScriptedWire.Json(Other), ScriptedWire.Json(List()));

        var answer = await new StripeExam().Pupil(wire).AskAsync(new("att_1", null, Presentation.Embedded, Now), StripeExam.OwnKeys, default);

        answer.ShouldBe(new ProviderAnswer.Refused("not found", Retriable: true));
        var (from, middle) = (Now.AddMinutes(-5).ToUnixTimeSeconds(), Now.AddMinutes(15).ToUnixTimeSeconds());
        wire.Sent.Select(sent => Uri.UnescapeDataString(sent.Address.Query)).ShouldBe(
        [
            $"?limit=100&created[gte]={from}&created[lt]={middle}",
            $"?limit=100&created[gte]={from}&created[lt]={middle}&starting_after=pi_3Exam",
            $"?limit=100&created[gte]={middle}",
        ]);
    }

    [Fact]
    public async Task A_fee_in_another_currency_stays_in_it()
    {
        var paid = PaidPayment($"\"latest_charge\":{Charge("succeeded", "\"balance_transaction\":{\"id\":\"txn_1\",\"fee\":250,\"currency\":\"usd\"}")}");
        var wire = new ScriptedWire(ScriptedWire.Json(paid.Replace("{amount}", "4900", StringComparison.Ordinal).Replace("{currency}", "eur", StringComparison.Ordinal)));

        var answer = await new StripeExam().Pupil(wire).AskAsync(new("att_1", PaymentId, Presentation.Embedded, Now), StripeExam.OwnKeys, default);

        answer.ShouldBeOfType<ProviderAnswer.Reported>().Reports[0].ShouldBeOfType<PaymentReport>().Fee.ShouldBe(new Money(250, Currency.Of("usd")));
    }

    [Theory]
    [InlineData("ugx", 12345)]
    [InlineData("xyz", 4900)]
    public async Task Money_that_cannot_be_counted_is_told_without_a_sum_and_with_a_note(string code, long wireAmount)
    {
        var paid = PaidPayment().Replace("{amount}", $"{wireAmount}", StringComparison.Ordinal).Replace("{currency}", code, StringComparison.Ordinal);

        var answer = await new StripeExam().Pupil(ScriptedWire.Json(paid)).AskAsync(new("att_1", PaymentId, Presentation.Embedded, Now), StripeExam.OwnKeys, default);

        var report = answer.ShouldBeOfType<ProviderAnswer.Reported>().Reports[0].ShouldBeOfType<PaymentReport>();
        (report.Status, report.Received).ShouldBe((ReportedStatus.Succeeded, null));
        report.Note!.ShouldContain($"{wireAmount} {code}");
    }

    [Fact]
    public async Task Metadata_that_stripe_cannot_hold_is_left_out_and_ours_never()
    {
        var much = Enumerable.Range(0, 60).ToDictionary(i => $"shop_{i}", _ => "1");
        much["a[0]"] = "brackets";
        much[new string('k', 41)] = "a long key";
        much["long"] = new string('v', 501);
        much["tender_payment"] = "pay_1";

        var fields = (await SentBy(Request(Presentation.Embedded) with { Metadata = much }, StripeExam.OwnKeys)).Fields;

        var sent = fields.Where(field => field.Key.StartsWith("metadata[", StringComparison.Ordinal)).ToList();
        sent.Count.ShouldBe(50);
        sent.ShouldAllBe(field => field.Value.Length <= 500 && field.Key.Length <= "metadata[]".Length + 40);
        fields["metadata[tender_attempt]"].ShouldBe("att_1");
        fields["metadata[tender_payment]"].ShouldBe("pay_1");
        fields.Keys.ShouldNotContain("metadata[a[0]]");
    }

    private static readonly string Other = List(Payment("processing", "\"metadata\":{\"tender_attempt\":\"att_other\"}", "\"amount\":1"));

    private static async Task<SentRequest> SentBy(PaymentRequest payment, Account account)
    {
        var wire = new ScriptedWire(ScriptedWire.Json("{}"));
        await new StripeExam().Pupil(wire).StartAsync(payment, account, default);
        return wire.Sent.Single();
    }

    private static async Task<SentRequest> RefundSent(string reason)
    {
        var wire = new ScriptedWire(ScriptedWire.Json(Refund("succeeded")));
        await ((IRefundPayments)new StripeExam().Pupil(wire)).RefundAsync(new("ref_1", PaymentId, new(500, Currency.Of("eur")), reason), StripeExam.OwnKeys, default);
        return wire.Sent.Single();
    }

    private static PaymentRequest Request(Presentation presentation) => new(
        "att_1", new(4900, Currency.Of("eur")), "Tickets & “more” = 2+1", presentation, "bea+test@example.com", new("https://shop.example/ok?order=1"),
        new("https://shop.example/no"), Now.AddHours(2), CaptureLater: false,
        new Dictionary<string, string> { ["tender_payment"] = "pay_1", ["odd key&"] = "a=b&c", ["tender_attempt"] = "somebody's own" });
}
