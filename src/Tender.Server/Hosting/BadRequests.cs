using System.ComponentModel;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Tender.Server.Hosting;

/// <summary>Turns what the framework says of a request that it cannot read into a problem that names the field or the place.</summary>
internal static partial class BadRequests
{
    private static readonly string[] Required = ["is required"];

    public static Problem Explain(BadHttpRequestException bad) => bad switch
    {
        { InnerException: JsonException json } => Explain(json),
        { StatusCode: not StatusCodes.Status400BadRequest } => ForStatus(bad.StatusCode),
        _ when Unbound().Match(bad.Message) is { Success: true } unbound => Problem.Invalid(Named(unbound), $"must be {Words(unbound.Groups["type"].Value)}"),
        _ when Missing().Match(bad.Message) is { Success: true } missing => Problem.Invalid(Named(missing), "is required"),
        _ when bad.Message.StartsWith("Implicit body", StringComparison.Ordinal) => Problem.BadRequest("body_required", "A JSON body is required."),
        _ => Problem.BadRequest("bad_request", "The request cannot be read."),
    };

    /// <summary>For an answer that says nothing but its status. Handlers that the build bound say 400 of a value of the wrong type, and not of which.</summary>
    public static Problem Explain(HttpContext context) =>
        context.Response.StatusCode is StatusCodes.Status400BadRequest && Unread(context) is { } parameter
            ? Problem.Invalid(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name), $"must be {Words(TypeOf(parameter).Name)}")
            : ForStatus(context.Response.StatusCode);

    /// <summary>For what the database refused: text that it cannot hold. In a form, or deep in free JSON, no field's name is at hand.</summary>
    public static Problem ExplainZero(HttpContext context) =>
        context.Request.Query.FirstOrDefault(one => one.Value.Any(text => text?.Contains('\0', StringComparison.Ordinal) is true)).Key is { } name
            ? Problem.Invalid(name, RequestJson.ZeroCharacter)
            : Problem.BadRequest("zero_character", $"Text {RequestJson.ZeroCharacter}.");

    private static IParameterBindingMetadata? Unread(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().FirstOrDefault(parameter =>
            parameter.HasTryParse && $"{context.Request.RouteValues[parameter.Name] ?? context.Request.Query[parameter.Name]}" is { Length: > 0 } text &&
            !TypeDescriptor.GetConverter(TypeOf(parameter)).IsValid(text));

    private static Type TypeOf(IParameterBindingMetadata parameter) => Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;

    private static Problem ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Problem.Unauthorized("unauthorized", "Say who you are: an API key in Authorization: Bearer, or sign in."),
        StatusCodes.Status403Forbidden => Problem.Forbidden("forbidden", "You may not do this."),
        StatusCodes.Status404NotFound => Problem.NotFound("not_found", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Problem.Of(status, "method_not_allowed", "This address does not take this method; the Allow header says which."),
        StatusCodes.Status408RequestTimeout => Problem.Of(status, "request_timeout", "The body came too slowly."),
        StatusCodes.Status413PayloadTooLarge => Problem.Of(status, "body_too_large", $"The body is larger than {HostingSlice.BodyBytesMax / 1_000_000} MB."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(status, "unsupported_media_type", "The body must be JSON, with Content-Type: application/json."),
        _ => Problem.Of(status, $"http_{status}", $"{Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)}."),
    };

    public static Problem Explain(JsonException json)
    {
        if (json.InnerException?.GetType().Name is "JsonReaderException") return Malformed(json);
        var field = FieldOf(json.Path);
        return json.Message switch
        {
            _ when json.InnerException is InvalidOperationException broken && HalfCharacter().IsMatch(broken.Message) => Wrong(field, RequestJson.HalfCharacter),
            var text when text.StartsWith("Duplicate properties", StringComparison.Ordinal) => Problem.Invalid(field, "is given twice"),
            var text when Unmapped().Match(text) is { Success: true } unknown => Problem.Invalid(Unmapped(unknown.Groups["name"].Value, field), "is not known here"),
            var text when Duplicate().Match(text) is { Success: true } twice => Problem.Invalid(twice.Groups["name"].Value, "is given twice"),
            var text when MissingProperties().Match(text) is { Success: true } missing => Problem.Invalid(
                Quoted().Matches(missing.Groups["names"].Value).ToDictionary(name => Below(field, name.Groups[1].Value), _ => Required, StringComparer.Ordinal)),
            var text when NotNull().Match(text) is { Success: true } nothing => Problem.Invalid(field.Length > 0 ? field : JsonNamingPolicy.CamelCase.ConvertName(nothing.Groups["name"].Value), "must not be null"),
            var text when WrongType().Match(text) is { Success: true } wrong => Wrong(field, $"must be {Words(json.InnerException?.Message ?? wrong.Groups["type"].Value)}"),
            RequestJson.ZeroCharacter => Problem.Invalid(field, RequestJson.ZeroCharacter),
            _ when field.Length > 0 => Problem.Invalid(field, "cannot be read"),
            _ => Malformed(json),
        };
    }

    // A parameter that stands on a record is called by the record's name for it.
    private static string Named(Match match) => JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value);

    // The path is the unknown field's own, or that of the object it stands in.
    private static string Unmapped(string name, string path) => path == name || path.EndsWith($".{name}", StringComparison.Ordinal) ? path : Below(path, name);

    private static Problem Wrong(string field, string why) =>
        field.Length > 0 ? Problem.Invalid(field, why) : Problem.BadRequest("invalid_request", $"The body {why}.");

    private static Problem Malformed(JsonException json) => Problem
        .BadRequest("malformed_json", $"The body is not JSON: line {json.LineNumber + 1}, position {json.BytePositionInLine + 1}.")
        .With("line", json.LineNumber + 1).With("position", json.BytePositionInLine + 1);

    // "$.claims[2].quantity" is claims[2].quantity to the caller.
    private static string FieldOf(string? path) => (path ?? "$").TrimStart('$').TrimStart('.');

    private static string Below(string parent, string name) => parent.Length is 0 ? name : $"{parent}.{name}";

    // C#'s names for types, of parameters and in the reader's own sentences, in a caller's words. The order counts.
    private static string Words(string type) => Kinds.FirstOrDefault(kind => kind.Pattern.IsMatch(type)).Words ?? "an object";

    private static readonly (Regex Pattern, string Words)[] Kinds =
    [
        (Maps(), "an object"),
        (Lists(), "a list"),
        (WholeNumbers(), "a whole number that fits"),
        (Numbers(), "a number"),
        (Booleans(), "true or false"),
        (Times(), "an RFC 3339 time"),
        (Dates(), "a date such as 2026-07-29"),
        (Urls(), "a URL"),
        (Texts(), "text"),
    ];

    [GeneratedRegex("Dictionary")]
    private static partial Regex Maps();

    [GeneratedRegex("Collections|\\[\\]")]
    private static partial Regex Lists();

    [GeneratedRegex("Int32|Int64|^(int|long)\\??$")]
    private static partial Regex WholeNumbers();

    [GeneratedRegex("as a number|Decimal|Double|^decimal")]
    private static partial Regex Numbers();

    [GeneratedRegex("as a boolean|Boolean|^bool")]
    private static partial Regex Booleans();

    [GeneratedRegex("DateTime")]
    private static partial Regex Times();

    [GeneratedRegex("DateOnly")]
    private static partial Regex Dates();

    [GeneratedRegex("Uri")]
    private static partial Regex Urls();

    [GeneratedRegex("as a string|String|^string")]
    private static partial Regex Texts();

    [GeneratedRegex("""^Failed to bind parameter "(?<type>\S+) (?<name>\w+)" from""")]
    private static partial Regex Unbound();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided""")]
    private static partial Regex Missing();

    [GeneratedRegex("property '(?<name>[^']*)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("Duplicate property '(?<name>[^']*)'")]
    private static partial Regex Duplicate();

    [GeneratedRegex("missing required properties including: (?<names>.*)$")]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("^Cannot (read|transcode) .*UTF-(8|16) JSON text")]
    private static partial Regex HalfCharacter();

    [GeneratedRegex("(parameter|property or field) '(?<name>\\w+)' on type .* doesn't allow")]
    private static partial Regex NotNull();

    [GeneratedRegex("could not be converted to (?<type>.+?)\\. Path:")]
    private static partial Regex WrongType();
}
