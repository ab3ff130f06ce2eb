using Microsoft.OpenApi;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>The ways to say no, described once each and pointed at by every operation.</summary>
internal static class ProblemAnswers
{
    private const string Schema = "Problem";

    private static readonly IReadOnlyList<(int Status, string Name, string Says)> All =
    [
        (400, "BadRequest", "The request cannot be read, or fields of it are wrong; errors names them."),
        (401, "Unauthorized", "Nobody, or credentials that do not count."),
        (402, "PlanNeeded", "The tenant's plan does not include it; requiredPlan names one that does."),
        (403, "Forbidden", "Known, but not allowed."),
        (404, "NotFound", "No such thing for this caller."),
        (409, "Conflict", "The thing is in a state that forbids it, or the first call with this Idempotency-Key still runs."),
        (410, "Gone", "It was here, and is no more."),
        (413, "BodyTooLarge", "The body is larger than 1 MB."),
        (415, "UnsupportedMediaType", "The body is no application/json."),
        (422, "Impossible", "Well-formed, and impossible; or the Idempotency-Key was used with another body."),
        (429, "TooManyRequests", "Too many requests in this minute; Retry-After says when to come again."),
        (502, "ProviderProblem", "The payment provider refused, or did not answer."),
        (503, "Unavailable", "The database is away or full, or this server is stopping. Try again after Retry-After; a write with the same Idempotency-Key, as it may have been stored."),
    ];

    public static OpenApiResponseReference Reference(int status, OpenApiDocument document) => new(All.Single(problem => problem.Status == status).Name, document);

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Schema, DocumentSchema());
        foreach (var (name, header) in RateHeaders()) document.AddComponent(name, header);
        foreach (var (status, name, says) in All) document.AddComponent(name, Answer(status, says, document));
    }

    private static OpenApiResponse Answer(int status, string says, OpenApiDocument document)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        if (status is 429)
        {
            foreach (var (name, _) in RateHeaders()) headers[name] = new OpenApiHeaderReference(name, document);
        }

        if (status is 429 or 502 or 503) headers["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = Whole() };
        return new()
        {
            Description = says,
            Headers = headers.Count is 0 ? null : headers,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(Schema, document) } },
        };
    }

    private static (string Name, OpenApiHeader Header)[] RateHeaders() =>
    [
        ("RateLimit-Limit", new() { Description = "Requests this caller may make in a minute.", Schema = Whole() }),
        ("RateLimit-Remaining", new() { Description = "How many of them are left.", Schema = Whole() }),
        ("RateLimit-Reset", new() { Description = "Seconds until the minute ends.", Schema = Whole() }),
    ];

    private static OpenApiSchema DocumentSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A problem document (RFC 9457). Some codes carry more members than these.",
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "code", "requestId" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("urn:tender:problem: and the code."),
            ["title"] = Text("The status in words."),
            ["status"] = Whole(),
            ["detail"] = Text("One sentence for a person: what happened, and what to do."),
            ["code"] = Text("Stable, lower-case with underscores; switch on it."),
            ["requestId"] = Text("As in the log and in X-Request-Id."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "What is wrong with each field, by its JSON path.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
        AdditionalProperties = new OpenApiSchema(),
    };

    private static OpenApiSchema Text(string says) => new() { Type = JsonSchemaType.String, Description = says };

    private static OpenApiSchema Whole() => new() { Type = JsonSchemaType.Integer };
}
