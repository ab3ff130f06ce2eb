using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Money that goes back.</summary>
public sealed class StripeRefundTests(SimulatedStripe sim) : AgainstSimulatedStripe(sim)
{
    [Fact]
    public async Task A_refund_is_sent_once_and_listed()
    {
        var id = await StartAsync("4242424242424242");
        var refund = new RefundRequest($"ref_{Reference}", id, new Money(900, Currency.Of("usd")), "the show was called off");

        var first = OnlyRefund(await Stripe.RefundAsync(refund, Keys, default));
        var second = OnlyRefund(await Stripe.RefundAsync(refund, Keys, default));

        first.Status.ShouldBe(ReportedRefundStatus.Succeeded);
        (first.Reference, first.ProviderPaymentId, first.Amount).ShouldBe((refund.Reference, id, refund.Amount));
        second.ProviderRefundId.ShouldBe(first.ProviderRefundId);
        OnlyRefund(await Stripe.AskRefundsAsync(Lookup(id), Keys, default)).ProviderRefundId.ShouldBe(first.ProviderRefundId);

        var asked = (await Stripe.AskAsync(Lookup(id), Keys, default)).ShouldBeOfType<ProviderAnswer.Reported>();
        asked.Reports.OfType<RefundReport>().Single().ProviderRefundId.ShouldBe(first.ProviderRefundId, "a question brings what went back along");
        asked.Reports[0].ShouldBeOfType<PaymentReport>().Status.ShouldBe(ReportedStatus.Succeeded);
    }

    [Fact]
    public async Task More_than_was_paid_is_not_refunded()
    {
        var id = await StartAsync("4242424242424242");
        OnlyRefund(await Stripe.RefundAsync(new($"ref_{Reference}", id, Price, null), Keys, default));

        var again = await Stripe.RefundAsync(new($"ref_{Reference}_2", id, Price, null), Keys, default);

        again.ShouldBeOfType<ProviderAnswer.Refused>().Retriable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refund_whose_answer_is_lost_is_unknown_and_found_by_its_reference()
    {
        var id = await StartAsync("4242424242424242");
        await Sim.FaultAsync("drop_answer_after", new { method = "POST", path = "/v1/refunds$", idempotencyKey = $"tender-ref_{Reference}" });

        (await Stripe.RefundAsync(new($"ref_{Reference}", id, Price, null), Keys, default)).ShouldBeOfType<ProviderAnswer.Unknown>();

        OnlyRefund(await Stripe.AskRefundsAsync(Lookup(id), Keys, default)).Reference.ShouldBe($"ref_{Reference}");
    }

    [Fact]
    public async Task A_refund_that_fails_later_is_told_as_failed()
    {
        var id = await StartAsync("4000000000005126");
        var refund = OnlyRefund(await Stripe.RefundAsync(new($"ref_{Reference}", id, Price, null), Keys, default));
        refund.Status.ShouldBe(ReportedRefundStatus.Succeeded);

        await Sim.ControlAsync($"/stripe/refunds/{refund.ProviderRefundId}/advance", new { outcome = "failed" });

        OnlyRefund(await Stripe.AskRefundsAsync(Lookup(id), Keys, default)).Status.ShouldBe(ReportedRefundStatus.Failed);
    }

    [Fact]
    public async Task A_dispute_is_told_with_the_payment_it_is_about()
    {
        var id = await StartAsync("4242424242424242");
        await Sim.ControlAsync("/stripe/disputes", new { paymentIntent = id });

        var asked = (await Stripe.AskAsync(Lookup(id), Keys, default)).ShouldBeOfType<ProviderAnswer.Reported>();

        asked.Reports.OfType<DisputeReport>().Single().Status.ShouldBe(ReportedDisputeStatus.Open);
    }
}
