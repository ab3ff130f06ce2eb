using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tender.Tests.Server.Hosting.OpenApi;

/// <summary>The API as its document describes it, and a judge of real answers: required, types, words, nothing that is not listed.</summary>
internal sealed class DocumentedApi
{
    private readonly JsonElement root;
    private readonly ConcurrentDictionary<string, bool> answered = new();

    public DocumentedApi(string json)
    {
        root = JsonDocument.Parse(json).RootElement;
        Operations = [.. from path in root.GetProperty("paths").EnumerateObject()
                         from method in path.Value.EnumerateObject()
                         select new Operation(method.Name.ToUpperInvariant(), path.Name, method.Value)];
    }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The operations that answered well, by their id.</summary>
    public IEnumerable<string> Answered => answered.Keys;

    public async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage answer)
    {
        var operation = Operations.Where(o => o.Method == request.Method.Method && o.Matches(request.RequestUri!.AbsolutePath)).OrderBy(o => o.Path.Count(c => c is '{')).FirstOrDefault();
        if (operation is null) return;
        var said = $"{operation.Id} {(int)answer.StatusCode}";
        operation.Json.GetProperty("responses").TryGetProperty($"{(int)answer.StatusCode}", out var declared).ShouldBeTrue($"{said} is not declared");
        if (Resolve(declared).TryGetProperty("content", out var content)) await CheckBodyAsync(content, answer, said);
        else (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty(said);
        if ((int)answer.StatusCode < 400) answered[operation.Id] = true;
    }

    /// <summary>What is wrong with a value, each with its place.</summary>
    public IEnumerable<string> Faults(JsonElement schema, JsonElement value, string at)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var choices))
            return choices.EnumerateArray().Any(choice => !Faults(choice, value, at).Any()) ? [] : [$"{at} is none of what it may be"];
        if (schema.TryGetProperty("type", out var type) && !Kinds(type).Contains(KindOf(value))) return [$"{at} is {KindOf(value)}, not {type}"];
        if (schema.TryGetProperty("enum", out var words) && words.EnumerateArray().All(word => word.ToString() != value.ToString())) return [$"{at} is {value}, not one of {words}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => FaultsOfObject(schema, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((item, i) => Faults(items, item, $"{at}[{i}]")),
            JsonValueKind.String when schema.TryGetProperty("format", out var format) && !Fits(format.GetString()!, value.GetString()!) => [$"{at} is no {format}"],
            _ => [],
        };
    }

    public JsonElement Resolve(JsonElement schema)
    {
        if (schema.ValueKind is not JsonValueKind.Object || !schema.TryGetProperty("$ref", out var reference)) return schema;
        return reference.GetString()!.Split('/').Skip(1).Aggregate(root, (here, part) => here.GetProperty(part));
    }

    /// <summary>The body a call takes, also where it may be left out: that is written as null or the body.</summary>
    public JsonElement ResolveBody(JsonElement schema) => schema.TryGetProperty("oneOf", out var choices)
        ? Resolve(choices.EnumerateArray().Single(choice => choice.TryGetProperty("$ref", out _)))
        : Resolve(schema);

    private async Task CheckBodyAsync(JsonElement content, HttpResponseMessage answer, string said)
    {
        var kind = answer.Content.Headers.ContentType?.MediaType ?? "nothing";
        content.TryGetProperty(kind, out var declared).ShouldBeTrue($"{said} came as {kind}");
        if (!kind.EndsWith("json", StringComparison.Ordinal)) return;
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Faults(declared.GetProperty("schema"), body.RootElement, "$").ShouldBeEmpty(said);
    }

    private IEnumerable<string> FaultsOfObject(JsonElement schema, JsonElement value, string at)
    {
        if (!schema.TryGetProperty("type", out _)) return [];
        var properties = schema.TryGetProperty("properties", out var named) ? named : default;
        var missing = schema.TryGetProperty("required", out var required)
            ? required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}.{name} is missing")
            : [];
        return missing.Concat(value.EnumerateObject().SelectMany(member =>
            properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(member.Name, out var known) ? Faults(known, member.Value, $"{at}.{member.Name}")
            : schema.TryGetProperty("additionalProperties", out var any) ? Faults(any, member.Value, $"{at}.{member.Name}")
            : [$"{at}.{member.Name} is not listed"]));
    }

    private static bool Fits(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "email" => text.Contains('@', StringComparison.Ordinal),
        _ => true,
    };

    private static IEnumerable<string> Kinds(JsonElement type)
    {
        var kinds = type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(kind => kind.GetString()!) : [type.GetString()!];
        return kinds.SelectMany(kind => kind is "number" ? ["number", "integer"] : new[] { kind });
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    internal sealed record Operation(string Method, string Path, JsonElement Json)
    {
        private readonly Regex pattern = new($"^{Regex.Replace(Path, "\\{[^}]+\\}", "[^/]+")}$");

        public string Id => Json.GetProperty("operationId").GetString()!;

        public bool Matches(string path) => pattern.IsMatch(path);

        public override string ToString() => $"{Method} {Path}";
    }
}
