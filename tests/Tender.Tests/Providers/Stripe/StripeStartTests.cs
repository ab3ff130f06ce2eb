using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Providers.Stripe;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Payments from start to paid, and every way in which the start may get lost.</summary>
public sealed class StripeStartTests(SimulatedStripe sim) : AgainstSimulatedStripe(sim)
{
    [Fact]
    public void A_long_reason_is_not_cut_within_a_letter() =>
        StripeErrors.Decline("call_issuer", null, new string('a', 299) + "\U0001F642 and more").ShouldBe(new string('a', 299));

    [Fact]
    public async Task A_payment_is_started_paid_and_told_with_its_fee()
    {
        var started = (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        var form = started.Action.ShouldBeOfType<PayerAction.Embed>();
        form.ClientSecret.ShouldStartWith(started.Report.ProviderPaymentId + "_secret_");
        form.PublishableKey.ShouldBe(SimulatedStripe.PublishableKey);
        started.Report.Evidence!.ShouldNotContain(form.ClientSecret);

        await PayAsync(form.ClientSecret);

        var report = await AskAsync(started.Report.ProviderPaymentId);
        report.Status.ShouldBe(ReportedStatus.Succeeded);
        report.Reference.ShouldBe(Reference);
        report.Received.ShouldBe(Price);
        report.Fee.ShouldBe(new Money(172, Currency.Of("usd")));
    }

    [Fact]
    public async Task A_hosted_payment_goes_from_the_session_to_the_payment()
    {
        var started = (await Stripe.StartAsync(Request(Presentation.Hosted), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        started.Action.ShouldBeOfType<PayerAction.Redirect>().Page.AbsolutePath.ShouldContain(started.Report.ProviderPaymentId);
        started.Report.ProviderPaymentId.ShouldStartWith("cs_");
        (await AskAsync(started.Report.ProviderPaymentId, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Pending);

        await Sim.ControlAsync("/stripe/pay", new { session = started.Report.ProviderPaymentId });

        var report = await AskAsync(started.Report.ProviderPaymentId, Presentation.Hosted);
        report.Status.ShouldBe(ReportedStatus.Succeeded);
        report.ProviderPaymentId.ShouldStartWith("pi_");
        report.Received.ShouldBe(Price);
        report.Reference.ShouldBe(Reference);
        (await AskAsync(report.ProviderPaymentId, Presentation.Hosted)).Status.ShouldBe(ReportedStatus.Succeeded);
    }

    [Theory]
    [InlineData("currency=usd&unit_amount=4900", 4900)]
    [InlineData("currency=jpy&unit_amount=500", 500)]
    [InlineData("currency=usd&unit_amount=4900&active=false", null)]
    [InlineData("currency=usd&unit_amount=0", null)]
    public async Task A_price_of_the_accounts_own_is_read_while_it_is_sold_for_a_sum(string price, int? minor)
    {
        var id = (await Sim.PostAsync("/v1/prices", $"{price}&product_data[name]=Ticket")).Ok().Text("id")!;

        var reading = await Stripe.ReadPriceAsync(id, Keys, default);

        if (minor is null) reading.ShouldBeOfType<PriceReading.Refused>();
        else reading.ShouldBeOfType<PriceReading.Found>().Amount.Minor.ShouldBe(minor.Value);
        (await Stripe.ReadPriceAsync(id + "x", Keys, default)).ShouldBeOfType<PriceReading.Refused>();
    }

    [Fact]
    public async Task A_price_that_costs_something_else_is_not_shown_to_the_payer()
    {
        var id = (await Sim.PostAsync("/v1/prices", "currency=usd&unit_amount=100&product_data[name]=Ticket")).Ok().Text("id");

        (await Stripe.StartAsync(Request(Presentation.Hosted) with { PriceId = id }, Keys, default)).ShouldBeOfType<ProviderAnswer.Unknown>();
    }

    [Fact]
    public async Task The_same_reference_starts_one_payment_only()
    {
        var first = (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        var second = (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();

        second.Report.ProviderPaymentId.ShouldBe(first.Report.ProviderPaymentId);
        second.Action.ShouldBe(first.Action);
    }

    [Fact]
    public async Task The_same_reference_for_another_sum_is_unknown_and_then_found()
    {
        await Stripe.StartAsync(Request(), Keys, default);

        var other = await Stripe.StartAsync(Request() with { Amount = new Money(9900, Currency.Of("usd")) }, Keys, default);

        other.ShouldBeOfType<ProviderAnswer.Unknown>();
        (await FindAsync(Presentation.Embedded)).Status.ShouldBe(ReportedStatus.Pending);
    }

    [Theory]
    [InlineData("drop_answer_after")]
    [InlineData("status_500_after")]
    [InlineData("garbage_after")]
    public async Task A_start_whose_answer_is_lost_is_unknown_found_by_reference_and_repeated_without_harm(string fault)
    {
        await Sim.FaultAsync(fault, new { method = "POST", path = "/v1/payment_intents$", idempotencyKey = $"tender-{Reference}-start" });

        (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.Unknown>();

        var found = await FindAsync(Presentation.Embedded);
        found.Status.ShouldBe(ReportedStatus.Pending);
        found.Reference.ShouldBe(Reference);
        if (fault == "status_500_after") return; // Stripe keeps its 500 under the key.

        (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>().Report.ProviderPaymentId.ShouldBe(found.ProviderPaymentId);
    }

    [Fact]
    public async Task A_hosted_start_whose_answer_is_lost_is_found_by_reference()
    {
        await Sim.FaultAsync("drop_answer_after", new { method = "POST", path = "/v1/checkout/sessions$", idempotencyKey = $"tender-{Reference}-start" });

        (await Stripe.StartAsync(Request(Presentation.Hosted), Keys, default)).ShouldBeOfType<ProviderAnswer.Unknown>();

        (await FindAsync(Presentation.Hosted)).ProviderPaymentId.ShouldStartWith("cs_");
    }

    [Theory]
    [InlineData("drop_before", Presentation.Embedded)]
    [InlineData("status_500_before", Presentation.Hosted)]
    public async Task A_start_that_got_lost_on_its_way_is_unknown_and_then_certainly_not_there(string fault, Presentation presentation)
    {
        await Sim.FaultAsync(fault, new { method = "POST", idempotencyKey = $"tender-{Reference}-start" });

        (await Stripe.StartAsync(Request(presentation), Keys, default)).ShouldBeOfType<ProviderAnswer.Unknown>();

        (await Stripe.AskAsync(Lookup(null, presentation), Keys, default)).ShouldBe(new ProviderAnswer.Refused("not found", Retriable: true));
    }

    [Fact]
    public async Task A_rate_limit_is_refused_for_others_to_take()
    {
        await Sim.FaultAsync("429", new { idempotencyKey = $"tender-{Reference}-start" });

        (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.Refused>().Retriable.ShouldBeTrue();
    }

    [Theory]
    [InlineData("wrong_amount")]
    [InlineData("wrong_currency")]
    public async Task A_form_for_another_sum_is_shown_to_nobody(string fault)
    {
        await Sim.FaultAsync(fault, new { idempotencyKey = $"tender-{Reference}-start" });

        (await Stripe.StartAsync(Request(), Keys, default)).ShouldBeOfType<ProviderAnswer.Unknown>();
    }

    [Fact]
    public async Task A_declined_card_leaves_the_payment_open_and_says_why()
    {
        var id = await StartAsync(card: "4000000000009995");

        var report = await AskAsync(id);
        report.Status.ShouldBe(ReportedStatus.Declined);
        report.Note!.ShouldContain("insufficient funds", Case.Insensitive);
        report.Received.ShouldBeNull();
    }

    [Theory]
    [InlineData("4000000000009979")]
    [InlineData("4000000000009987")]
    public async Task A_stolen_or_lost_card_reads_like_any_other_decline(string card) =>
        (await AskAsync(await StartAsync(card))).Note.ShouldBe("Your card was declined.");

    [Fact]
    public async Task A_payment_that_these_keys_do_not_have_is_unknown_not_gone() =>
        (await AskAsync("pi_3OfSomebodyElse")).Status.ShouldBe(ReportedStatus.Unknown);

    [Fact]
    public async Task A_payment_is_found_behind_many_others()
    {
        var id = await StartAsync(card: null);
        for (var i = 0; i < 130; i++) await Sim.PostAsync("/v1/payment_intents", "amount=700&currency=usd");

        (await FindAsync(Presentation.Embedded)).ProviderPaymentId.ShouldBe(id);
    }

    [Theory]
    [InlineData("jpy", 5000)]
    [InlineData("ugx", 5000)]
    [InlineData("kwd", 12340)]
    [InlineData("eur", 4900)]
    public async Task Every_kind_of_currency_is_paid_and_told_exactly(string code, long minor)
    {
        var price = new Money(minor, Currency.Of(code));
        var started = await Stripe.StartAsync(Request() with { Amount = price }, Keys, default);
        await PayAsync(started.ShouldBeOfType<ProviderAnswer.AwaitingPayer>().Action.ShouldBeOfType<PayerAction.Embed>().ClientSecret);

        (await AskAsync(((ProviderAnswer.AwaitingPayer)started).Report.ProviderPaymentId)).Received.ShouldBe(price);
    }
}
