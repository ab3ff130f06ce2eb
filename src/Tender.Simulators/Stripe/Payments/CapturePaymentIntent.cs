using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>POST /v1/payment_intents/{id}/capture.</summary>
internal static class CapturePaymentIntent
{
    public static readonly Accepts Accepts = Accepts.Of("""
        amount_to_capture application_fee_amount final_capture metadata[*] statement_descriptor statement_descriptor_suffix transfer_data[amount]
        """);

    public static PaymentIntent Run(StripeCall call)
    {
        var (form, intent) = (call.Form, call.Account.PaymentIntents.Need(call.Id!));
        if (intent.Status is not PaymentStatus.RequiresCapture)
            throw StripeProblem.WrongState($"This PaymentIntent could not be captured because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.", "payment_intent_unexpected_state", () => StripeJson.Node(intent));

        var amount = form.Whole("amount_to_capture") ?? intent.AmountCapturable;
        if (amount < 1 || amount > intent.AmountCapturable)
            throw StripeProblem.Invalid("The provided amount_to_capture is greater than the remaining amount you can capture on this PaymentIntent.", "amount_to_capture", "amount_too_large");
        if (form.Has("application_fee_amount")) intent.ApplicationFeeAmount = ConnectTerms.Fee(call, form);
        if (form.Has("metadata")) intent.Metadata = form.Metadata(intent.Metadata);
        TakeMoney.Capture(call.Scene, intent, amount);
        return intent;
    }
}
