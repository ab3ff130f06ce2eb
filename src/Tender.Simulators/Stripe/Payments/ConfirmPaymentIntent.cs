using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>POST /v1/payment_intents/{id}/confirm, from a server with its key or from a browser with the client secret.</summary>
internal static class ConfirmPaymentIntent
{
    public static readonly Accepts Accepts = Accepts.Of($"""
        client_secret return_url off_session mandate_data** error_on_requires_action use_stripe_sdk amount_to_confirm capture_method setup_future_usage
        receipt_email shipping** payment_method_options** payment_method_types[] radar_options** expected_payment_method_type {ReadPaymentMethod.Parameters}
        """);

    public static PaymentIntent Run(StripeCall call)
    {
        var intent = call.Account.PaymentIntents.Need(call.Id!);
        ReadPaymentIntents.CheckClientSecret(call, intent);
        if (intent.Session is not null) throw StripeProblem.WrongState("You cannot confirm this PaymentIntent because it was created by a Checkout Session.", "payment_intent_unexpected_state");
        if (ReadPaymentMethod.From(call) is { } method && PaymentStatus.AwaitsPayer(intent.Status)) intent.PaymentMethod = method.Id;
        if (call.Form.Whole("amount_to_confirm") is { } expected && expected != intent.Amount)
            throw StripeProblem.Invalid($"The provided amount_to_confirm {expected} does not match the PaymentIntent's amount {intent.Amount}.", "amount_to_confirm");
        return Confirm(call, intent);
    }

    public static PaymentIntent Confirm(StripeCall call, PaymentIntent intent)
    {
        var form = call.Form;
        CheckReturnUrl(call, intent, form.Url("return_url"));
        var terms = new PayTerms(
            call.PublicUrl,
            UsesStripeJs: form.Flag("use_stripe_sdk") is true,
            IsPayerAway: form.Text("off_session") is { } away && away is not "false",
            FailsOnAction: form.Flag("error_on_requires_action") is true);
        intent.ReturnUrl = form.Url("return_url") ?? intent.ReturnUrl;
        PayPaymentIntent.Run(call.Scene, intent, terms);
        return intent;
    }

    // Automatic methods may send the payer away, so the real one asks where the payer comes back to.
    private static void CheckReturnUrl(StripeCall call, PaymentIntent intent, string? returnUrl)
    {
        var mayRedirect = intent.AutomaticPaymentMethods is { AllowRedirects: "always" };
        if (!mayRedirect || returnUrl is not null || call.Form.Flag("use_stripe_sdk") is true || call.Form.Flag("error_on_requires_action") is true || call.Form.Has("off_session")) return;
        throw StripeProblem.Invalid("This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.");
    }
}
