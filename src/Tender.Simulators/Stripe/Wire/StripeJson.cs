using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>JSON as Stripe writes it: snake case, every field present, nulls too.</summary>
internal static class StripeJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Options);

    public static JsonNode Node(object value) => value as JsonNode ?? JsonSerializer.SerializeToNode(value, value.GetType(), Options)!;
}
