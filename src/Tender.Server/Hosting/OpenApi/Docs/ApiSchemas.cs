using System.Text.Json;

namespace Tender.Server.Hosting.OpenApi.Docs;

/// <summary>One member of a body or an answer, or one parameter.</summary>
/// <param name="Kind">Its type and limits, in words.</param>
/// <param name="Place">path, query or header, for parameters.</param>
/// <param name="Inside">The members of the object, or of each object in the list.</param>
public sealed record ApiField(string Name, string Kind, bool IsRequired, string? Says, IReadOnlyList<ApiField> Inside, string? Place = null);

/// <summary>The document's schemas in words.</summary>
internal sealed class ApiSchemas(JsonElement document)
{
    public JsonElement Resolve(JsonElement element) => element.ValueKind is JsonValueKind.Object && element.TryGetProperty("$ref", out var reference)
        ? reference.GetString()!.Split('/').Skip(1).Aggregate(document, (here, part) => here.GetProperty(part))
        : element;

    /// <summary>The members of an object, in their order.</summary>
    public IReadOnlyList<ApiField> Fields(JsonElement schema)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("items", out var items)) return Fields(items);
        if (!schema.TryGetProperty("properties", out var properties)) return [];
        var required = Required(schema);
        return [.. properties.EnumerateObject().Select(p => new ApiField(p.Name, Kind(p.Value), required.Contains(p.Name), Says(p.Value), Fields(p.Value)))];
    }

    public ApiField Parameter(JsonElement parameter)
    {
        var schema = parameter.GetProperty("schema");
        var isRequired = parameter.TryGetProperty("required", out var required) && required.GetBoolean();
        return new(parameter.GetProperty("name").GetString()!, Kind(schema), isRequired, Says(parameter), [], parameter.GetProperty("in").GetString());
    }

    public static HashSet<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(name => name.GetString()!)] : [];

    public static IReadOnlyList<string> TypesOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind is JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private string Kind(JsonElement schema)
    {
        schema = Resolve(schema);
        var types = TypesOf(schema);
        var words = types.Where(type => type is not "null").Select(type => Word(type, schema)).ToList();
        var kind = words.Count is 0 ? "any JSON" : string.Join(" or ", words.Order(StringComparer.Ordinal).Reverse());
        if (schema.TryGetProperty("enum", out var choices)) kind = string.Join(", ", choices.EnumerateArray().Where(choice => choice.ValueKind is JsonValueKind.String).Select(choice => choice.GetString()));
        return string.Join(", ", ((IEnumerable<string>)[types.Contains("null") ? $"{kind} or null" : kind]).Concat(Limits(schema)));
    }

    private string Word(string type, JsonElement schema) => type switch
    {
        "string" => schema.TryGetProperty("format", out var format) ? format.GetString() switch { "date-time" => "time", "email" => "e-mail address", "uri" => "URL", _ => "text" } : "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        "array" => schema.TryGetProperty("items", out var items) && TypesOf(Resolve(items)).Contains("string") ? "list of texts" : "list of objects",
        _ => schema.TryGetProperty("additionalProperties", out _) ? "object of texts" : "object",
    };

    private static IEnumerable<string> Limits(JsonElement schema)
    {
        (string Name, string Words)[] limits =
            [("minimum", "at least {0}"), ("maximum", "at most {0}"), ("maxLength", "at most {0} characters"), ("maxItems", "at most {0}"), ("maxProperties", "at most {0} entries"), ("default", "{0} when missing")];
        foreach (var (name, words) in limits)
        {
            if (schema.TryGetProperty(name, out var limit)) yield return words.Replace("{0}", limit.ToString(), StringComparison.Ordinal);
        }
    }

    private static string? Says(JsonElement element) => element.TryGetProperty("description", out var says) ? says.GetString() : null;
}
