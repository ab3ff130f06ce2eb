namespace Tender.Tests.Simulators.Stripe;

public sealed class RefundTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    [Fact]
    public async Task Parts_may_be_refunded_until_all_is_gone()
    {
        var id = (await stripe.PayAsync("pm_card_visa")).Ok().Text("id");

        (await stripe.PostAsync("/v1/refunds", $"payment_intent={id}&amount=500&reason=requested_by_customer")).Ok().Text("status").ShouldBe("succeeded");
        (await stripe.PostAsync("/v1/refunds", $"payment_intent={id}&amount=500")).Ok();
        ((int)(await stripe.PostAsync("/v1/refunds", $"payment_intent={id}&amount=1001")).Status).ShouldBe(400);
        (await stripe.PostAsync("/v1/refunds", $"payment_intent={id}")).Ok().Number("amount").ShouldBe(1000);
        (await stripe.PostAsync("/v1/refunds", $"payment_intent={id}")).ShouldFail(400, "charge_already_refunded");

        var charge = (await stripe.GetAsync($"/v1/payment_intents/{id}?expand[]=latest_charge")).Ok();
        charge.Text("status").ShouldBe("succeeded");
        charge.Text("latest_charge.refunded").ShouldBe("True");
        (await stripe.GetAsync($"/v1/refunds?payment_intent={id}")).Ok().GetProperty("data").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task A_payment_without_money_has_nothing_to_refund()
    {
        var id = (await stripe.NewIntentAsync()).Text("id");
        (await stripe.PostAsync("/v1/refunds", $"payment_intent={id}")).Error.Text("message").ShouldBe($"This PaymentIntent ({id}) does not have a successful charge to refund.");
        (await stripe.PostAsync("/v1/refunds")).Error.Text("message")!.ShouldContain("payment_intent or charge");
        (await stripe.PostAsync("/v1/refunds", "payment_intent=pi_nobody")).ShouldFail(404, "resource_missing");
    }

    [Fact]
    public async Task A_refund_may_say_succeeded_and_fail_later()
    {
        await using var own = new OwnSimulator();
        await own.Stripe.InitializeAsync();
        await using var ear = await WebhookEar.OpenAsync(own.Stripe, "refund.failed");
        var id = (await own.Stripe.PayAsync("pm_card_refundFail")).Ok().Text("id");
        var refund = (await own.Stripe.PostAsync("/v1/refunds", $"payment_intent={id}")).Ok();
        refund.Text("status").ShouldBe("succeeded");

        await own.Stripe.AdvanceAsync(10);

        var failed = (await own.Stripe.GetAsync($"/v1/refunds/{refund.Text("id")}")).Ok();
        failed.Text("status").ShouldBe("failed");
        failed.Text("failure_reason").ShouldBe("expired_or_canceled_card");
        (await own.Stripe.GetAsync($"/v1/payment_intents/{id}?expand[]=latest_charge")).Ok().Number("latest_charge.amount_refunded").ShouldBe(0);
        (await ear.NextAsync()).Event.Text("data.object.id").ShouldBe(refund.Text("id"));
        var ledger = await own.Stripe.LedgerAsync();
        ledger.GetProperty("movements").EnumerateArray().Select(movement => movement.Text("kind")).ShouldBe(["charge", "fee", "refund", "refund_failed"]);
    }

    [Fact]
    public async Task A_refund_may_be_pending_first()
    {
        var id = (await stripe.PayAsync("pm_card_pendingRefund")).Ok().Text("id");
        var refund = (await stripe.PostAsync("/v1/refunds", $"payment_intent={id}")).Ok();
        refund.Text("status").ShouldBe("pending");

        var done = await stripe.ControlAsync($"/stripe/refunds/{refund.Text("id")}/advance", new { outcome = "succeeded" });

        done.Text("status").ShouldBe("succeeded");
        (await stripe.PostAsync($"/v1/refunds/{refund.Text("id")}/cancel")).ShouldFail(400, "status_transition_invalid");
    }

    [Theory]
    [InlineData("won", 2000 - 88 - 1500)]
    [InlineData("lost", -88 - 1500)]
    public async Task A_dispute_takes_the_money_and_gives_it_back_when_won(string outcome, long balance)
    {
        await using var own = new OwnSimulator();
        await own.Stripe.InitializeAsync();
        await using var ear = await WebhookEar.OpenAsync(own.Stripe, "charge.dispute.created", "charge.dispute.closed");
        var id = (await own.Stripe.PayAsync("pm_card_createDispute")).Ok().Text("id");
        await own.Stripe.AdvanceAsync(2);

        var opened = (await ear.NextAsync()).Event;
        opened.Text("data.object.status").ShouldBe("needs_response");
        opened.Text("data.object.payment_intent").ShouldBe(id);
        (await own.Stripe.PostAsync("/v1/refunds", $"payment_intent={id}")).ShouldFail(400, "charge_disputed");
        await own.Stripe.ControlAsync($"/stripe/disputes/{opened.Text("data.object.id")}/close", new { outcome });

        (await ear.NextAsync()).Event.Text("data.object.status").ShouldBe(outcome);
        (await own.Stripe.LedgerAsync()).GetProperty("balances").EnumerateArray().Single(side => side.Text("side") == "balance").Number("amount").ShouldBe(balance);
    }

    [Fact]
    public async Task An_inquiry_moves_no_money_until_it_escalates()
    {
        var id = (await stripe.PayAsync("pm_card_visa")).Ok().Text("id");
        var inquiry = await stripe.ControlAsync("/stripe/disputes", new { paymentIntent = id, kind = "inquiry" });
        inquiry.Text("status").ShouldBe("warning_needs_response");
        inquiry.GetProperty("balance_transactions").GetArrayLength().ShouldBe(0);

        var escalated = (await stripe.PostAsync($"/v1/disputes/{inquiry.Text("id")}", "evidence[uncategorized_text]=escalate_inquiry_evidence")).Ok();
        escalated.Text("status").ShouldBe("needs_response");
        escalated.GetProperty("balance_transactions").GetArrayLength().ShouldBe(1);
        (await stripe.PostAsync($"/v1/disputes/{inquiry.Text("id")}", "evidence[uncategorized_text]=winning_evidence")).Ok().Text("status").ShouldBe("won");
        (await stripe.PostAsync($"/v1/disputes/{inquiry.Text("id")}/close")).ShouldFail(400, "status_transition_invalid");
    }
}
