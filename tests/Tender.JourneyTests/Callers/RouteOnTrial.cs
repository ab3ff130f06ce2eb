using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Tender.Server.Members;

namespace Tender.JourneyTests.Callers;

/// <summary>One route with one of its methods, as the server's own table has it.</summary>
internal sealed record RouteOnTrial(string Method, RoutePattern Pattern, CallerRule? Rule)
{
    public bool TakesIds => Pattern.Parameters.Count > 0;

    public bool IsPage => Pattern.RawText!.TrimStart('/').StartsWith("console/", StringComparison.Ordinal);

    public static IEnumerable<RouteOnTrial> Of(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        return methods.Select(method => new RouteOnTrial(method, endpoint.RoutePattern, CallerRule.Of(endpoint)));
    }

    /// <summary>Its address with a value in every parameter's place.</summary>
    public string At(string value) => "/" + string.Join('/', Pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => value,
    }))));

    public override string ToString() => $"{Method} {Pattern.RawText}";
}

/// <summary>Credentials, and what they are.</summary>
/// <param name="RefusedAs">The problem's code where these credentials count nowhere.</param>
/// <param name="FormToken">A member's, from a page of theirs.</param>
internal sealed record CallerOnTrial(Server.Members.Callers Rights, string? Authorization, string? Cookie, string? RefusedAs, string? FormToken = null)
{
    public HttpRequestMessage Ask(string method, string address, bool withFormToken = true)
    {
        var request = new HttpRequestMessage(new(method), address);
        if (Authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        if (FormToken is not null && withFormToken) request.Headers.Add("RequestVerificationToken", FormToken);
        return request;
    }
}
