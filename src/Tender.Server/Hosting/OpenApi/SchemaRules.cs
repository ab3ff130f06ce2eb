using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>Validation's attributes in the words of JSON Schema.</summary>
internal static class SchemaRules
{
    // Beyond this a double no longer tells whole numbers apart: the attribute means "any that fits".
    private const double AnyThatFits = 9e15;

    public static void Apply(Attribute rule, OpenApiSchema schema)
    {
        switch (rule)
        {
            case StringLengthAttribute length:
                (schema.MinLength, schema.MaxLength) = (length.MinimumLength is 0 ? schema.MinLength : length.MinimumLength, length.MaximumLength);
                break;
            case MinLengthAttribute { Length: var least }:
                schema.MinItems = least;
                break;
            case MaxLengthAttribute { Length: var most } when schema.AdditionalProperties is not null:
                schema.MaxProperties = most;
                break;
            case MaxLengthAttribute { Length: var most }:
                schema.MaxItems = most;
                break;
            case RangeAttribute range:
                schema.Minimum = Number(range.Minimum);
                schema.Maximum = Number(range.Maximum);
                break;
            case SumAttribute:
                (schema.Minimum, schema.Maximum) = ("1", SumAttribute.Max.ToString(CultureInfo.InvariantCulture));
                break;
            case RegularExpressionAttribute { Pattern: var pattern }:
                schema.Pattern = $"^(?:{pattern})$";
                break;
            case AllowedValuesAttribute { Values: var values }:
                schema.Enum = WordsOf(values.OfType<string>(), schema);
                break;
            case IWordsOf words:
                schema.Enum = WordsOf(words.Words, schema);
                break;
            case PlainMailAddressAttribute:
                schema.Format = "email";
                break;
            case WebAddressAttribute:
                (schema.Format, schema.MaxLength) = ("uri", WebAddressAttribute.CharsMax);
                break;
            case KnownCurrencyAttribute:
                schema.Pattern = "^[A-Za-z]{3}$";
                break;
            case MetadataLimitsAttribute limits:
                (schema.MaxProperties, schema.Description) = (MetadataLimitsAttribute.EntriesMax, limits.FormatErrorMessage(""));
                break;
        }
    }

    // null is one of the values where it is one of the types.
    private static List<JsonNode> WordsOf(IEnumerable<string> words, OpenApiSchema schema) =>
        [.. words.Select(word => (JsonNode)word), .. schema.Type?.HasFlag(JsonSchemaType.Null) is true ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];

    private static string? Number(object bound) =>
        Convert.ToDouble(bound, CultureInfo.InvariantCulture) is var number && Math.Abs(number) > AnyThatFits ? null : Convert.ToInt64(number).ToString(CultureInfo.InvariantCulture);
}
