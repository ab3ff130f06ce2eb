namespace Tender.Server.Console;

/// <summary>What every page tells the browser not to do. A page that loads a provider's script sets its own policy before it renders.</summary>
internal static class PageHeaders
{
    /// <summary>Nothing from elsewhere, nothing inline, no frame around us.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Put(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } render) return;
        endpoint.RequestDelegate = http =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            // As the framework itself says it on pages with forms: anything else it replaces, with a warning.
            headers.CacheControl = "no-cache, no-store";
            headers.Pragma = "no-cache";
            return render(http);
        };
    }

    /// <summary>The policy of a page that takes money with a provider's own script.</summary>
    /// <param name="script">The script's address; its origin may be loaded, framed and asked.</param>
    public static string PolicyFor(Uri script)
    {
        // What Stripe.js itself loads and frames: docs.stripe.com/security/guide#content-security-policy, read 2026-11.
        var origins = script.Host is "js.stripe.com"
            ? "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com https://api.stripe.com"
            : script.GetLeftPart(UriPartial.Authority);
        return Policy
            .Replace("script-src 'self'", $"script-src 'self' {origins}", StringComparison.Ordinal)
            .Replace("connect-src 'self'", $"connect-src 'self' {origins}; frame-src {origins}", StringComparison.Ordinal);
    }
}
