using System.Text.Encodings.Web;

namespace Tender.Server.Hosting;

/// <summary>A problem as a page, for a person whose browser asked: one heading, one sentence, no script.</summary>
internal static class ProblemPage
{
    // What programs read is no page, whatever they say they accept.
    private static readonly string[] Programs = ["/api", "/health", "/openapi"];

    public static bool IsWanted(HttpRequest request) => IsPerson(request) && !Programs.Any(path => request.Path.StartsWithSegments(path, StringComparison.Ordinal));

    /// <summary>A browser that shows the answer to somebody; scripts and programs do not ask for pages.</summary>
    public static bool IsPerson(HttpRequest request) =>
        request.Headers.Authorization.Count is 0 && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        // Members find back; payers have nothing to look for in the console.
        var back = context.Request.Path.StartsWithSegments("/console", StringComparison.Ordinal) ? """<p><a href="/console">To the console</a></p>""" : "";
        var heading = HtmlEncoder.Default.Encode(Heading(problem.Status));
        return context.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{heading}</title><link rel="stylesheet" href="/pay.css"></head>
            <body class="payer"><div class="payer-page"><main><h1>{heading}</h1><p>{HtmlEncoder.Default.Encode(problem.Detail)}</p>{back}</main></div></body>
            </html>
            """, context.RequestAborted);
    }

    private static string Heading(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing here",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "Not right now",
        >= 500 => "This did not work",
        _ => "This cannot be done",
    };
}
