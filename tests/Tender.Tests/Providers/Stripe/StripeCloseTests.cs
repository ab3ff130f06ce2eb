using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Payments and pages that are closed, held money that is taken or let go.</summary>
public sealed class StripeCloseTests(SimulatedStripe sim) : AgainstSimulatedStripe(sim)
{
    [Theory]
    [InlineData(CancelReason.TimeUp, ReportedStatus.Expired)]
    [InlineData(CancelReason.Requested, ReportedStatus.Canceled)]
    public async Task A_closed_payment_says_at_once_and_later_why(CancelReason reason, ReportedStatus reads)
    {
        var id = await StartAsync(card: null);

        (await CancelAsync(id, reason)).Status.ShouldBe(reads);
        (await AskAsync(id)).Status.ShouldBe(reads);
        (await CancelAsync(id, reason)).Status.ShouldBe(reads, "a second time is no error");
    }

    [Fact]
    public async Task A_paid_payment_is_not_closed_but_told_as_paid() =>
        (await CancelAsync(await StartAsync("4242424242424242"), CancelReason.TimeUp)).Status.ShouldBe(ReportedStatus.Succeeded);

    [Theory]
    [InlineData(CancelReason.TimeUp, ReportedStatus.Expired)]
    [InlineData(CancelReason.Requested, ReportedStatus.Canceled)]
    public async Task A_hosted_page_is_closed_by_expiring_its_session(CancelReason reason, ReportedStatus reads)
    {
        var started = (await Stripe.StartAsync(Request(Presentation.Hosted), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        var id = started.Report.ProviderPaymentId;

        (await CancelAsync(id, reason, Presentation.Hosted)).Status.ShouldBe(reads);
        (await AskAsync(id, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Expired);
        (await CancelAsync(id, CancelReason.TimeUp, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Expired, "a second time is no error");
    }

    [Fact]
    public async Task A_paid_session_is_not_closed_but_told_as_paid()
    {
        var started = (await Stripe.StartAsync(Request(Presentation.Hosted), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        await Sim.ControlAsync("/stripe/pay", new { session = started.Report.ProviderPaymentId });

        (await CancelAsync(started.Report.ProviderPaymentId, CancelReason.TimeUp, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Succeeded);
    }

    [Fact]
    public async Task A_declined_try_on_the_hosted_page_can_be_closed_by_either_id()
    {
        var started = (await Stripe.StartAsync(Request(Presentation.Hosted), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        await Sim.ControlAsync("/stripe/pay", new { session = started.Report.ProviderPaymentId, card = "4000000000000002" });
        var declined = await AskAsync(started.Report.ProviderPaymentId, Presentation.Hosted);
        declined.Status.ShouldBe(ReportedStatus.Declined);
        declined.ProviderPaymentId.ShouldStartWith("pi_");

        (await CancelAsync(declined.ProviderPaymentId, CancelReason.TimeUp, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Expired);
        (await AskAsync(declined.ProviderPaymentId, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Expired);
    }

    [Fact]
    public async Task Held_money_is_captured_once_in_part()
    {
        var id = await StartAsync("4242424242424242", captureLater: true);
        (await AskAsync(id)).Status.ShouldBe(ReportedStatus.Authorized);

        var captured = await CaptureAsync(id, 3000);
        captured.Status.ShouldBe(ReportedStatus.Succeeded);
        captured.Received.ShouldBe(new Money(3000, Currency.Of("usd")));
        (await CaptureAsync(id, 3000)).Received.ShouldBe(new Money(3000, Currency.Of("usd")), "a second time takes nothing more");
    }

    [Fact]
    public async Task Held_money_can_be_let_go_and_more_than_was_held_cannot_be_taken()
    {
        var id = await StartAsync("4242424242424242", captureLater: true);

        var tooMuch = await Stripe.CaptureAsync(Lookup(id), new Money(999_900, Currency.Of("usd")), Keys, default);
        tooMuch.ShouldBeOfType<ProviderAnswer.Refused>();
        (await CancelAsync(id, CancelReason.Requested)).Status.ShouldBe(ReportedStatus.Canceled);
        (await CaptureAsync(id, 3000)).Status.ShouldBe(ReportedStatus.Canceled, "what is let go cannot be taken");
    }

    [Fact]
    public async Task A_hold_on_the_hosted_page_is_let_go_by_canceling_its_payment()
    {
        var started = (await Stripe.StartAsync(Request(Presentation.Hosted) with { CaptureLater = true }, Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        await Sim.ControlAsync("/stripe/pay", new { session = started.Report.ProviderPaymentId });
        (await AskAsync(started.Report.ProviderPaymentId, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Authorized);

        (await CancelAsync(started.Report.ProviderPaymentId, CancelReason.Requested, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Canceled);
    }
}
