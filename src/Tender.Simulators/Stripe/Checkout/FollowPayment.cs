using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Payments;

namespace Tender.Simulators.Stripe.Checkout;

/// <summary>What becomes of a session when its payment moves.</summary>
internal static class FollowPayment
{
    public static void Succeeded(Scene scene, PaymentIntent intent)
    {
        if (scene.Account.Sessions.Find(intent.Session) is not { } session) return;
        session.PaymentStatus = intent.Status is Payments.PaymentStatus.Succeeded ? "paid" : "unpaid";
        if (session.Status is "open") Complete(scene, session);
        else if (session.AwaitsResult) scene.Emit("checkout.session.async_payment_succeeded", session);
        session.AwaitsResult = false;
    }

    /// <summary>Complete and yet unpaid: the payer is done, the money is not there.</summary>
    public static void Processing(Scene scene, PaymentIntent intent)
    {
        if (scene.Account.Sessions.Find(intent.Session) is not { Status: "open" } session) return;
        session.AwaitsResult = true;
        Complete(scene, session);
    }

    public static void Failed(Scene scene, PaymentIntent intent)
    {
        if (scene.Account.Sessions.Find(intent.Session) is not { AwaitsResult: true } session) return;
        session.AwaitsResult = false;
        scene.Emit("checkout.session.async_payment_failed", session);
    }

    private static void Complete(Scene scene, CheckoutSession session)
    {
        (session.Status, session.Url) = ("complete", null);
        scene.Emit("checkout.session.completed", session);
    }
}
