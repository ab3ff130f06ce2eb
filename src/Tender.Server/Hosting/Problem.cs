using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tender.Server.Hosting;

/// <summary>An RFC 9457 problem document with a stable code: the only way Tender says no. Return it from an endpoint.</summary>
public sealed record Problem : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    private Problem(int status, string code, string detail)
    {
        Status = status;
        Code = code;
        Detail = detail;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>Stable, lower-case with underscores; callers switch on it.</summary>
    public string Code { get; }

    /// <summary>One sentence for a person: what happened, and what to do.</summary>
    public string Detail { get; }

    /// <summary>What is wrong with each field, by its JSON name.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; private init; }

    /// <summary>When to try again, as the Retry-After header says it.</summary>
    public int? RetryAfterSeconds { get; private init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    string? IContentTypeHttpResult.ContentType => ContentType;

    internal const string ContentType = "application/problem+json";

    /// <summary>400: the request cannot be read, or one field is wrong. The field is named as in the JSON.</summary>
    public static Problem Invalid(string field, string why) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [why] });

    /// <summary>400: several fields are wrong.</summary>
    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(StatusCodes.Status400BadRequest, "invalid_request", Sentence(errors)) { Errors = errors };

    /// <summary>400 with a code of its own: a forged webhook, a body that is no JSON.</summary>
    public static Problem BadRequest(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);

    /// <summary>401: nobody, or a key that does not count.</summary>
    public static Problem Unauthorized(string code, string detail) => new(StatusCodes.Status401Unauthorized, code, detail);

    /// <summary>402: the tenant's plan does not include it.</summary>
    public static Problem PlanNeeded(string plan, string detail) =>
        new(StatusCodes.Status402PaymentRequired, "plan_needed", detail) { Extra = new(StringComparer.Ordinal) { ["requiredPlan"] = plan } };

    /// <summary>403: known, but not allowed.</summary>
    public static Problem Forbidden(string code, string detail) => new(StatusCodes.Status403Forbidden, code, detail);

    /// <summary>404: no such thing for this caller.</summary>
    public static Problem NotFound(string code, string detail) => new(StatusCodes.Status404NotFound, code, detail);

    /// <summary>409: the thing is in a state that forbids it.</summary>
    public static Problem Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    /// <summary>410: it was here, and is no more.</summary>
    public static Problem Gone(string code, string detail) => new(StatusCodes.Status410Gone, code, detail);

    /// <summary>422: well-formed, and impossible; the field is named when one is to blame.</summary>
    public static Problem Impossible(string code, string detail, string? field = null) =>
        new(StatusCodes.Status422UnprocessableEntity, code, detail)
        {
            Errors = field is null ? null : new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [detail] },
        };

    /// <summary>429: too many requests.</summary>
    public static Problem TooMany(int retryAfterSeconds, string detail) =>
        new(StatusCodes.Status429TooManyRequests, "too_many_requests", detail) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>502: a provider refused or could not be understood.</summary>
    public static Problem BadGateway(string code, string detail) => new(StatusCodes.Status502BadGateway, code, detail);

    /// <summary>503: not now; trying again is safe and may help.</summary>
    public static Problem Unavailable(string code, string detail, int retryAfterSeconds = 2) =>
        new(StatusCodes.Status503ServiceUnavailable, code, detail) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>Any status, for what the framework itself refuses.</summary>
    public static Problem Of(int status, string code, string detail) => new(status, code, detail);

    /// <summary>The same problem with one more member in the document (camelCase name; a string, number or truth value).</summary>
    public Problem With(string member, object? value) => Own.Contains(member)
        ? throw new Domain.BrokenRuleException($"a problem has a member {member} already")
        : this with { Extra = new(Extra ?? [], StringComparer.Ordinal) { [member] = value } };

    // Twice in one document is what we refuse in requests.
    private static readonly string[] Own = ["type", "title", "status", "detail", "instance", "code", "requestId", "errors"];

    /// <summary>The same problem, to be tried again after so many seconds.</summary>
    public Problem RetryAfter(int seconds) => this with { RetryAfterSeconds = seconds };

    private Dictionary<string, object?>? Extra { get; init; }

    /// <summary>Writes the document, or a page for a browser that asked for one, unless the answer has begun already.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (response.HasStarted) return;

        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = $"{seconds}";
        if (ProblemPage.IsWanted(httpContext.Request)) await ProblemPage.WriteAsync(httpContext, this);
        else await response.WriteAsJsonAsync(Document(httpContext), ProblemJson.Default.ProblemDocument, ContentType, httpContext.RequestAborted);
    }

    private ProblemDocument Document(HttpContext context) => new(
        Type: $"urn:tender:problem:{Code}",
        Title: Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status),
        Status: Status,
        Detail: Detail,
        Code: Code,
        RequestId: context.TraceIdentifier,
        Errors: Errors)
    {
        Extra = Extra?.ToDictionary(e => e.Key, e => JsonSerializer.SerializeToElement(e.Value, ProblemJson.Default.Options), StringComparer.Ordinal),
    };

    private static string Sentence(IReadOnlyDictionary<string, string[]> errors)
    {
        if (errors.Count is not 1) return $"{errors.Count} fields are wrong: {string.Join(", ", errors.Keys)}.";
        var (field, whys) = errors.First();
        var why = whys.FirstOrDefault() ?? "is wrong";
        return field.Length is 0 ? why : $"{field}: {why}";
    }
}

internal sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, string Code, string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class ProblemJson : JsonSerializerContext;
