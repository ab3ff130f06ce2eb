using System.Text.Json.Nodes;

namespace Tender.Simulators.Stripe.Front;

/// <summary>What a browser with a publishable key may see of a payment: not its metadata, nor fees, nor customers.</summary>
internal static class PublicView
{
    private static readonly HashSet<string> Shown =
    [
        "id", "object", "amount", "automatic_payment_methods", "canceled_at", "cancellation_reason", "capture_method", "client_secret", "confirmation_method",
        "created", "currency", "description", "last_payment_error", "livemode", "next_action", "payment_method", "payment_method_types", "processing",
        "receipt_email", "setup_future_usage", "shipping", "status",
    ];

    public static JsonNode Of(JsonNode node)
    {
        if (node is not JsonObject whole || whole["object"]?.GetValue<string>() != "payment_intent") return node;
        foreach (var hidden in whole.Select(pair => pair.Key).Where(key => !Shown.Contains(key)).ToList()) whole.Remove(hidden);
        return whole;
    }
}
