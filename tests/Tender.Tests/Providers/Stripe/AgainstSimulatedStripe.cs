using System.Text.Json;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Providers.Stripe;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Providers.Stripe;

/// <summary>The handler over real HTTP against the simulator, which is strict, keeps state, and shares no code with it.</summary>
public abstract class AgainstSimulatedStripe(SimulatedStripe sim) : IClassFixture<SimulatedStripe>
{
    protected static readonly Money Price = new(4900, Currency.Of("usd"));

    protected SimulatedStripe Sim { get; } = sim;

    internal StripeProvider Stripe { get; } = StripeOver(sim);

    protected string Reference { get; } = $"att_sim_{Guid.CreateVersion7():N}";

    protected static readonly Account Keys = new(
        "conn_sim", Mode.Test, new Dictionary<string, string> { ["publishableKey"] = SimulatedStripe.PublishableKey },
        new Dictionary<string, Secret> { ["secretKey"] = new(SimulatedStripe.SecretKey) }, []);

    internal static StripeProvider StripeOver(SimulatedStripe sim) =>
        new(new(new($"{sim.Url}/stripe"), new($"{sim.Url}/stripe/js/stripe.js"), "2026-07-29.dahlia"), ProviderHttp.CreateClient(), TimeProvider.System);

    protected PaymentRequest Request(Presentation presentation = Presentation.Embedded) => new(
        Reference, Price, "Two tickets", presentation, "bea@example.com", new("https://shop.example/ok"), new("https://shop.example/no"),
        TimeProvider.System.GetUtcNow().AddHours(1), CaptureLater: false, new Dictionary<string, string> { ["tender_payment"] = "pay_1" });

    protected PaymentLookup Lookup(string? id, Presentation presentation = Presentation.Embedded) => new(Reference, id, presentation, TimeProvider.System.GetUtcNow());

    protected async Task<string> StartAsync(string? card, bool captureLater = false)
    {
        var started = (await Stripe.StartAsync(Request() with { CaptureLater = captureLater }, Keys, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        if (card is not null) await PayAsync(started.Action.ShouldBeOfType<PayerAction.Embed>().ClientSecret, card);
        return started.Report.ProviderPaymentId;
    }

    protected Task<JsonElement> PayAsync(string clientSecret, string card = "4242424242424242") => Sim.ControlAsync("/stripe/pay", new { clientSecret, card });

    protected Task<PaymentReport> FindAsync(Presentation presentation) => AskAsync(null, presentation);

    protected async Task<PaymentReport> AskAsync(string? id, Presentation presentation = Presentation.Embedded) =>
        OnlyPayment(await Stripe.AskAsync(Lookup(id, presentation), Keys, default));

    protected async Task<PaymentReport> CancelAsync(string id, CancelReason reason, Presentation presentation = Presentation.Embedded) =>
        OnlyPayment(await Stripe.CancelAsync(Lookup(id, presentation), reason, Keys, default));

    protected async Task<PaymentReport> CaptureAsync(string id, long minor) =>
        OnlyPayment(await Stripe.CaptureAsync(Lookup(id), new Money(minor, Currency.Of("usd")), Keys, default));

    protected static PaymentReport OnlyPayment(ProviderAnswer answer) =>
        answer.ShouldBeOfType<ProviderAnswer.Reported>(answer.ToString()).Reports.ShouldHaveSingleItem().ShouldBeOfType<PaymentReport>();

    protected static RefundReport OnlyRefund(ProviderAnswer answer) =>
        answer.ShouldBeOfType<ProviderAnswer.Reported>(answer.ToString()).Reports.ShouldHaveSingleItem().ShouldBeOfType<RefundReport>();
}
