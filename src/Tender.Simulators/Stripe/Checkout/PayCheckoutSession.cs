using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Checkout;

/// <summary>The payer submits the hosted page: only now the payment comes into being.</summary>
internal static class PayCheckoutSession
{
    /// <summary>Throws the refusal; the session stays open for another try.</summary>
    public static void Run(Scene scene, CheckoutSession session, PaymentMethod method, string publicUrl)
    {
        if (session.Status is not "open") throw StripeProblem.Invalid($"This Checkout Session is {session.Status}.");
        var intent = scene.Account.PaymentIntents.Find(session.PaymentIntent) ?? Begin(scene, session);
        session.CustomerDetails = new(method.BillingDetails.Email ?? session.CustomerEmail, method.BillingDetails.Name, method.BillingDetails.Phone);
        intent.PaymentMethod = method.Id;
        intent.ReturnUrl = $"{publicUrl}/c/pay/{session.Id}";
        PayPaymentIntent.Run(scene, intent, new PayTerms(publicUrl));
    }

    private static PaymentIntent Begin(Scene scene, CheckoutSession session)
    {
        var intent = scene.Account.PaymentIntents.Add(session.Draft);
        session.PaymentIntent = intent.Id;
        scene.Emit("payment_intent.created", intent);
        return intent;
    }
}
