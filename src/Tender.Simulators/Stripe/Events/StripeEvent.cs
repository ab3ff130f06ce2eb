using System.Text.Json;
using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Events;

/// <summary>Something that has happened, with its object as it was then.</summary>
internal sealed class StripeEvent : IStripeObject
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required long Created { get; init; }

    public required StripeAccount Account { get; init; }

    public required byte[] Subject { get; init; }

    public byte[]? Before { get; init; }

    public string? RequestId { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>As JSON; a platform's view names the connected account.</summary>
    public byte[] Render(bool forPlatform, int pendingWebhooks)
    {
        using var buffer = new MemoryStream(Subject.Length + 400);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteString("object", "event");
            if (forPlatform) json.WriteString("account", Account.Id);
            json.WriteString("api_version", StripeFront.Version);
            json.WriteNumber("created", Created);
            json.WriteStartObject("data");
            json.WritePropertyName("object");
            json.WriteRawValue(Subject, skipInputValidation: true);
            if (Before is not null)
            {
                json.WritePropertyName("previous_attributes");
                json.WriteRawValue(Before, skipInputValidation: true);
            }

            json.WriteEndObject();
            json.WriteBoolean("livemode", Account.LiveMode);
            json.WriteNumber("pending_webhooks", pendingWebhooks);
            json.WriteStartObject("request");
            json.WriteString("id", RequestId);
            json.WriteString("idempotency_key", IdempotencyKey);
            json.WriteEndObject();
            json.WriteString("type", Type);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public JsonNode ToNode() => JsonNode.Parse(Render(forPlatform: false, pendingWebhooks: 0))!;
}
