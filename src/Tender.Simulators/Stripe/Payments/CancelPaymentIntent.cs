using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>POST /v1/payment_intents/{id}/cancel. A second cancel is an error, as with the real one.</summary>
internal static class CancelPaymentIntent
{
    public static readonly Accepts Accepts = Accepts.Of("cancellation_reason");

    public static PaymentIntent Run(StripeCall call)
    {
        var intent = call.Account.PaymentIntents.Need(call.Id!);
        var reason = call.Form.Choice("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        var mayCancel = PaymentStatus.AwaitsPayer(intent.Status) || intent.Status is PaymentStatus.RequiresCapture;
        if (!mayCancel)
            throw StripeProblem.WrongState($"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, requires_action, processing.", "payment_intent_unexpected_state", () => StripeJson.Node(intent));
        if (intent.Session is not null && intent.Status is not PaymentStatus.RequiresCapture)
            throw StripeProblem.WrongState("You cannot cancel this PaymentIntent because it was created by a Checkout Session. Expire the Checkout Session instead.", "payment_intent_unexpected_state");

        Close(call.Scene, intent, reason);
        return intent;
    }

    /// <summary>Ends a payment and releases what was held.</summary>
    public static void Close(Scene scene, PaymentIntent intent, string? reason)
    {
        OpenChallenge.Close(scene.Account, intent);
        if (intent.Status is PaymentStatus.RequiresCapture && scene.Account.Charges.Find(intent.LatestCharge) is { } charge)
            (charge.AmountRefunded, charge.Refunded) = (charge.Amount, true);

        (intent.Status, intent.CanceledAt, intent.CancellationReason, intent.AmountCapturable) = (PaymentStatus.Canceled, scene.Now, reason, 0);
        scene.Emit("payment_intent.canceled", intent);
    }
}
