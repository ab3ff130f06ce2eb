namespace Tender.Server.Hosting;

/// <summary>The headers by which a browser protects the people in front of it, on every answer.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, Settings settings)
{
    // An answer that is no page loads nothing.
    private const string Standard = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private readonly bool overTls = settings.FrontendUrl.Scheme is "https";

    public Task InvokeAsync(HttpContext context)
    {
        // Behind a proxy that ends TLS, cookies and links are made for the address that people see.
        if (overTls) context.Request.Scheme = "https";
        context.Response.OnStarting(Write, (context, overTls));
        return next(context);
    }

    private static Task Write(object state)
    {
        var (context, tls) = ((HttpContext, bool))state;
        var headers = context.Response.Headers;
        // A page may have set a stricter or a wider one of its own.
        if (headers.ContentSecurityPolicy.Count is 0) headers.ContentSecurityPolicy = Standard;
        if (!headers.ContainsKey("Referrer-Policy")) headers["Referrer-Policy"] = "same-origin";
        headers.XContentTypeOptions = "nosniff";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
        headers["X-Request-Id"] = context.TraceIdentifier;
        if (tls) headers.StrictTransportSecurity = "max-age=31536000";
        return Task.CompletedTask;
    }
}
