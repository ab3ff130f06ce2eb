using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Checkout;

/// <summary>A session ends without money: asked for by POST /v1/checkout/sessions/{id}/expire, or because its time is over.</summary>
internal static class EndCheckoutSession
{
    public static object Run(StripeCall call)
    {
        var session = call.Account.Sessions.Need(call.Id!);
        if (session.Status is not "open")
            throw StripeProblem.WrongState($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {session.Status}.", "status_transition_invalid");
        Expire(call.Scene, session);
        return session;
    }

    public static void Expire(Scene scene, CheckoutSession session)
    {
        if (session.Status is not "open") return;
        (session.Status, session.Url) = ("expired", null);
        if (scene.Account.PaymentIntents.Find(session.PaymentIntent) is { } intent && Payments.PaymentStatus.AwaitsPayer(intent.Status))
            CancelPaymentIntent.Close(scene, intent, "expired");
        scene.Emit("checkout.session.expired", session);
    }
}
