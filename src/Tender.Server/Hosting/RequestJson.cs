using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tender.Server.Hosting;

/// <summary>How request bodies are read: exactly. A field twice, of another type, missing or null where it must not be is refused by name.</summary>
internal static class RequestJson
{
    // Deeper than any body of the contract.
    private const int DepthMax = 32;

    /// <summary>What is said of text that PostgreSQL cannot hold.</summary>
    public const string ZeroCharacter = "must not hold a zero character";

    /// <summary>What is said of text that breaks off within a character: no UTF-8, or one half of a UTF-16 pair.</summary>
    public const string HalfCharacter = "must not hold half a character";

    public static void Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(Text.Instance);
        options.MaxDepth = DepthMax;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireAndAcceptIds);
    }

    private static void RequireAndAcceptIds(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object) return;
        foreach (var property in type.Properties)
        {
            // What the record's own declaration says is needed: neither nullable nor with a default.
            if (property.Set is not null && property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false } parameter && Nullable.GetUnderlyingType(parameter.ParameterType) is null) property.IsRequired = true;
            // The rule is for what is read; an answer may say null wherever it likes.
            if (!property.PropertyType.IsValueType) property.IsGetNullable = true;
            // Ids are opaque text; some of the sources show numbers, and clients written against them send numbers.
            if (property.PropertyType == typeof(string) && property.CustomConverter is null && IsId(property.Name)) property.CustomConverter = TextOrNumber.Instance;
        }
    }

    private static bool IsId(string name) => name is "id" || name.EndsWith("Id", StringComparison.Ordinal);

    private sealed class Text : JsonConverter<string>
    {
        public static readonly Text Instance = new();

        public static string Of(ref Utf8JsonReader reader) =>
            reader.GetString()! is var text && text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException(ZeroCharacter) : text;

        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Of(ref reader);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Of(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }

    private sealed class TextOrNumber : JsonConverter<string>
    {
        public static readonly TextOrNumber Instance = new();

        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => Text.Of(ref reader),
            JsonTokenType.Number when reader.TryGetInt64(out var number) => $"{number}",
            _ => throw new JsonException("The JSON value could not be converted to System.String. Path: "),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
