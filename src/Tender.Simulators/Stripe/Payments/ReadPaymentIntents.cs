using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>GET /v1/payment_intents and /v1/payment_intents/{id}.</summary>
internal static class ReadPaymentIntents
{
    public static readonly Accepts AcceptsOne = Accepts.Of("client_secret");
    public static readonly Accepts AcceptsList = Accepts.Of($"customer {StripeList.Parameters}");

    public static PaymentIntent One(StripeCall call)
    {
        var intent = call.Account.PaymentIntents.Need(call.Id!);
        CheckClientSecret(call, intent);
        return intent;
    }

    public static StripeList List(StripeCall call)
    {
        var customer = call.Form.Text("customer");
        return StripeList.Of("/v1/payment_intents", call.Account.PaymentIntents, call.Form, intent => customer is null || intent.Customer == customer);
    }

    /// <summary>A browser proves with the client secret that the payment is its own.</summary>
    public static void CheckClientSecret(StripeCall call, PaymentIntent intent)
    {
        if (!call.IsPublishable && !call.Form.Has("client_secret")) return;
        if (call.Form.RequiredText("client_secret") != intent.ClientSecret)
            throw StripeProblem.Invalid("The client_secret provided does not match the client_secret associated with the PaymentIntent.", "client_secret", "payment_intent_invalid_parameter");
    }
}
