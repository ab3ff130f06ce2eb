using System.Text.Json;

namespace Tender.Server.Hosting.OpenApi.Docs;

/// <summary>The document as people read it: groups of calls, each with who may call it, what it takes and what it answers.</summary>
public sealed record ApiReference(IReadOnlyList<string> Says, IReadOnlyList<ApiReference.Group> Groups)
{
    /// <param name="Name">The tag.</param>
    public sealed record Group(string Name, string Says, IReadOnlyList<Call> Calls);

    public sealed record Call(
        string Id, string Method, string Path, string Summary, string Says, IReadOnlyList<string> Callers, IReadOnlyList<ApiField> Parameters,
        IReadOnlyList<ApiField> Body, string? BodySays, IReadOnlyList<Reply> Replies, IReadOnlyList<Refusal> Refusals, string Example);

    /// <summary>An answer when all is well.</summary>
    public sealed record Reply(string Status, string Says, IReadOnlyList<ApiField> Fields);

    /// <summary>A problem it can answer.</summary>
    public sealed record Refusal(string Status, string Says);

    public static ApiReference Of(JsonElement document, Uri address)
    {
        var schemas = new ApiSchemas(document);
        var calls = (from path in document.GetProperty("paths").EnumerateObject()
                     from call in path.Value.EnumerateObject()
                     select (Tag: call.Value.GetProperty("tags")[0].GetString()!, Call: CallOf(path.Name, call.Name.ToUpperInvariant(), call.Value, schemas, address))).ToLookup(one => one.Tag, one => one.Call);
        return new(
            Text(document.GetProperty("info"), "description").Split('\n'),
            [.. document.GetProperty("tags").EnumerateArray().Select(tag => new Group(Text(tag, "name"), Text(tag, "description"), [.. calls[Text(tag, "name")]]))]);
    }

    private static Call CallOf(string path, string method, JsonElement call, ApiSchemas schemas, Uri address)
    {
        var takes = call.TryGetProperty("requestBody", out var body) ? body : (JsonElement?)null;
        var schema = takes is { } given ? given.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema") : (JsonElement?)null;
        var answers = call.GetProperty("responses").EnumerateObject().ToLookup(answer => answer.Name[0] is '2' or '3');
        return new(
            Text(call, "operationId"), method, path, Text(call, "summary"), Text(call, "description"),
            [.. call.GetProperty("security").EnumerateArray().Select(CallerWords)],
            call.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(schemas.Parameter)] : [],
            schema is { } shape ? schemas.Fields(shape) : [], takes is { } raw && raw.TryGetProperty("description", out var says) ? says.GetString() : null,
            [.. answers[true].Select(answer => ReplyOf(answer, schemas))],
            [.. answers[false].Select(answer => new Refusal(answer.Name, Text(schemas.Resolve(answer.Value), "description")))],
            ApiExample.Of(method, path, call, schema, schemas, address));
    }

    private static Reply ReplyOf(JsonProperty answer, ApiSchemas schemas)
    {
        if (!answer.Value.TryGetProperty("content", out var content)) return new(answer.Name, answer.Name is "302" ? "A redirect, in Location." : "No body.", []);
        var kind = content.EnumerateObject().First();
        return kind.Name is "application/json" ? new(answer.Name, "JSON", schemas.Fields(kind.Value.GetProperty("schema"))) : new(answer.Name, kind.Name, []);
    }

    private static string CallerWords(JsonElement requirement) => requirement.EnumerateObject().FirstOrDefault() switch
    {
        { Value.ValueKind: JsonValueKind.Undefined } => "Anybody",
        { Name: CallerSchemes.User } => "Customer's token",
        { Name: CallerSchemes.Key, Value: var roles } => roles.GetArrayLength() is 0 ? "API key" : "Owner's API key",
        { Value: var roles } => roles[0].GetString() is "owner" ? "Owner, signed in" : $"Member, {roles[0].GetString()} or higher",
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
