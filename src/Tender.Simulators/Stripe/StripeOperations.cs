using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Disputes;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Prices;
using Tender.Simulators.Stripe.Refunds;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe;

/// <summary>Every call that this Stripe answers.</summary>
internal static class StripeOperations
{
    public static readonly IReadOnlyList<StripeOperation> All =
    [
        Get("/v1/account", Accepts.OnlyExpand, GetAccount.Run),
        Get("/v1/accounts/{id}", Accepts.OnlyExpand, GetAccount.Run),
        Get("/v1/country_specs/{id}", Accepts.OnlyExpand, GetCountrySpec.Run),

        Post("/v1/payment_intents", CreatePaymentIntent.Accepts, CreatePaymentIntent.Run),
        Get("/v1/payment_intents", ReadPaymentIntents.AcceptsList, ReadPaymentIntents.List),
        Get("/v1/payment_intents/search", SearchPaymentIntents.Accepts, SearchPaymentIntents.Run),
        Get("/v1/payment_intents/{id}", ReadPaymentIntents.AcceptsOne, ReadPaymentIntents.One) with { TakesPublishableKey = true },
        Post("/v1/payment_intents/{id}", UpdatePaymentIntent.Accepts, UpdatePaymentIntent.Run),
        Post("/v1/payment_intents/{id}/confirm", ConfirmPaymentIntent.Accepts, ConfirmPaymentIntent.Run) with { TakesPublishableKey = true },
        Post("/v1/payment_intents/{id}/capture", CapturePaymentIntent.Accepts, CapturePaymentIntent.Run),
        Post("/v1/payment_intents/{id}/cancel", CancelPaymentIntent.Accepts, CancelPaymentIntent.Run),

        Get("/v1/charges", ReadCharges.AcceptsList, ReadCharges.List),
        Get("/v1/charges/{id}", Accepts.OnlyExpand, ReadCharges.One),
        Get("/v1/balance_transactions/{id}", Accepts.OnlyExpand, ReadCharges.Transaction),

        Post("/v1/refunds", CreateRefund.Accepts, CreateRefund.Run),
        Get("/v1/refunds", ReadRefunds.AcceptsList, ReadRefunds.List),
        Get("/v1/refunds/{id}", Accepts.OnlyExpand, ReadRefunds.One),
        Post("/v1/refunds/{id}", ReadRefunds.AcceptsUpdate, ReadRefunds.Update),
        Post("/v1/refunds/{id}/cancel", Accepts.OnlyExpand, MoveRefund.Cancel),

        Post("/v1/checkout/sessions", CreateCheckoutSession.Accepts, CreateCheckoutSession.Run),
        Get("/v1/checkout/sessions", ReadCheckoutSessions.AcceptsList, ReadCheckoutSessions.List),
        Get("/v1/checkout/sessions/{id}", Accepts.OnlyExpand, ReadCheckoutSessions.One),
        Post("/v1/checkout/sessions/{id}", ReadCheckoutSessions.AcceptsUpdate, ReadCheckoutSessions.Update),
        Get("/v1/checkout/sessions/{id}/line_items", ReadCheckoutSessions.AcceptsLines, ReadCheckoutSessions.Lines),
        Post("/v1/checkout/sessions/{id}/expire", Accepts.OnlyExpand, EndCheckoutSession.Run),

        Post("/v1/prices", KeepPrices.AcceptsCreate, KeepPrices.Create),
        Get("/v1/prices", KeepPrices.AcceptsList, KeepPrices.List),
        Get("/v1/prices/{id}", Accepts.OnlyExpand, KeepPrices.One),
        Post("/v1/prices/{id}", KeepPrices.AcceptsUpdate, KeepPrices.Update),

        Get("/v1/disputes", CloseDispute.AcceptsList, CloseDispute.List),
        Get("/v1/disputes/{id}", Accepts.OnlyExpand, CloseDispute.One),
        Post("/v1/disputes/{id}", CloseDispute.AcceptsEvidence, CloseDispute.GiveEvidence),
        Post("/v1/disputes/{id}/close", Accepts.OnlyExpand, CloseDispute.GiveUp),

        Post("/v1/webhook_endpoints", KeepWebhookEndpoints.AcceptsCreate, KeepWebhookEndpoints.Create),
        Get("/v1/webhook_endpoints", KeepWebhookEndpoints.AcceptsList, KeepWebhookEndpoints.List),
        Get("/v1/webhook_endpoints/{id}", Accepts.OnlyExpand, KeepWebhookEndpoints.One),
        Post("/v1/webhook_endpoints/{id}", KeepWebhookEndpoints.AcceptsUpdate, KeepWebhookEndpoints.Update),
        new("DELETE", "/v1/webhook_endpoints/{id}", Accepts.OnlyExpand, KeepWebhookEndpoints.Delete),

        Get("/v1/events", ReadEvents.AcceptsList, ReadEvents.List),
        Get("/v1/events/{id}", Accepts.OnlyExpand, ReadEvents.One),
    ];

    private static StripeOperation Get(string pattern, Accepts accepts, Func<StripeCall, object> run) => new("GET", pattern, accepts, run);

    private static StripeOperation Post(string pattern, Accepts accepts, Func<StripeCall, object> run) => new("POST", pattern, accepts, run);
}
