using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>JSON as Stripe writes it: snake case, every field present, nulls too.</summary>
internal static class StripeJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(HideUnseen),
    };

    /// <summary>The same with what is never shown, for keeping objects over a restart.</summary>
    public static readonly JsonSerializerOptions Kept = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Options);

    public static JsonNode Node(object value) => value as JsonNode ?? JsonSerializer.SerializeToNode(value, value.GetType(), Options)!;

    private static void HideUnseen(JsonTypeInfo type)
    {
        for (var place = type.Properties.Count - 1; place >= 0; place--)
        {
            if (type.Properties[place].AttributeProvider?.IsDefined(typeof(UnseenAttribute), inherit: false) is true) type.Properties.RemoveAt(place);
        }
    }
}

/// <summary>Belongs to the simulator's own knowledge of an object and is never on the wire.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UnseenAttribute : Attribute;
