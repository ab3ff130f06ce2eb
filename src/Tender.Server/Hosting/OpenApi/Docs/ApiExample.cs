using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tender.Server.Hosting.OpenApi.Docs;

/// <summary>A call as one types it into a terminal, with no more than it needs.</summary>
internal static class ApiExample
{
    private const int AmountSample = 1050;

    // It is read by people; quotes and umlauts stand as they are.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string method, string path, JsonElement call, JsonElement? body, ApiSchemas schemas, Uri address)
    {
        var text = new StringBuilder("curl");
        if (method is not "GET" && (method is not "POST" || body is null)) text.Append($" -X {method}");
        text.Append($" '{address.GetLeftPart(UriPartial.Authority)}{path.Replace("{", "$", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}'".Replace('\'', '"'));
        foreach (var header in Proof(call, method, address)) text.Append($" \\\n  {header}");
        if (call.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("in").GetString() is "header")) text.Append(" \\\n  -H \"Idempotency-Key: $ORDER\"");
        if (body is { } schema && schemas.Resolve(schema).TryGetProperty("type", out _))
            text.Append($" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{Sample("", schema, schemas).ToJsonString(Readable)}'");
        return text.ToString();
    }

    private static IEnumerable<string> Proof(JsonElement call, string method, Uri address)
    {
        var schemes = call.GetProperty("security").EnumerateArray().SelectMany(requirement => requirement.EnumerateObject().Select(scheme => scheme.Name)).Distinct(StringComparer.Ordinal).ToList();
        if (schemes.Contains(CallerSchemes.Key) && !schemes.Contains(CallerSchemes.Session) || schemes.FirstOrDefault() is CallerSchemes.Key) yield return "-H \"Authorization: Bearer $TENDER_KEY\"";
        else if (schemes.Contains(CallerSchemes.User)) yield return "-H \"Authorization: Bearer $JWT\"";
        else if (schemes.Contains(CallerSchemes.Session))
        {
            yield return "-H \"Cookie: __Host-tender=$SESSION\"";
            if (method is not "GET") yield return $"-H \"Origin: {address.GetLeftPart(UriPartial.Authority)}\"";
        }
    }

    private static JsonNode Sample(string name, JsonElement schema, ApiSchemas schemas)
    {
        schema = schemas.Resolve(schema);
        if (schema.TryGetProperty("enum", out var words)) return words[0].GetString()!;
        var types = ApiSchemas.TypesOf(schema);
        if (types.Contains("object")) return Object(schema, schemas);
        if (types.Contains("array")) return new JsonArray(Sample(name.TrimEnd('s'), schema.GetProperty("items"), schemas));
        if (types.Contains("boolean")) return true;
        return types.Contains("string") ? Word(name) : name is "amount" ? AmountSample : 1;
    }

    private static JsonObject Object(JsonElement schema, ApiSchemas schemas)
    {
        if (!schema.TryGetProperty("properties", out var properties)) return [];
        var required = ApiSchemas.Required(schema);
        return new(properties.EnumerateObject().Where(property => required.Contains(property.Name))
            .Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Sample(property.Name, property.Value, schemas))));
    }

    private static string Word(string name) => name switch
    {
        "currency" => "usd",
        "provider" => "stripe",
        "name" => "Festival ticket",
        "productId" => "prod_…",
        "sessionId" => "cs_…",
        "id" => "con_…",
        "clientSecret" => "pi_…_secret_…",
        "email" or "customerEmail" => "bea@example.com",
        _ => "…",
    };
}
