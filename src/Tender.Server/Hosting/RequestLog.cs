using System.Collections.Frozen;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Tender.Server.Hosting;

/// <summary>One line for each request: method, route with its ids, status, time. Never a query, a header or a body: those carry secrets.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    // Values that name things. Any other part of an address, such as an invitation's token, stays out.
    private static readonly FrozenSet<string> Harmless = new[] { "id", "handle", "provider", "slug", "currency", "code" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (log.IsEnabled(LogLevel.Information) && !IsProbe(context.Request))
            {
                var status = context.RequestAborted.IsCancellationRequested ? 499 : context.Response.StatusCode;
                LogRequest(context.Request.Method, Address(context), status, Stopwatch.GetElapsedTime(began).TotalMilliseconds, context.TraceIdentifier);
            }
        }
    }

    private static bool IsProbe(HttpRequest request) => request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    private static string Address(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern: var pattern }) return "(no route)";
        var address = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            address.Append('/');
            foreach (var part in segment.Parts) address.Append(Part(part, context.Request.RouteValues));
        }
        return address.Length is 0 ? "/" : address.ToString();
    }

    private static string Part(RoutePatternPart part, RouteValueDictionary values) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter when IsHarmless(parameter.Name) => Words($"{values[parameter.Name]}"),
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => "",
    };

    private static bool IsHarmless(string name) => Harmless.Contains(name) || name.EndsWith("Id", StringComparison.Ordinal);

    // A caller chooses these; nothing in them may start a new line of the log.
    private static string Words(string value) => string.Concat(value.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@' ? c : '?'));

    [LoggerMessage(100, LogLevel.Information, "{Method} {Address} {Status} {Milliseconds:0.0} ms {RequestId}")]
    private partial void LogRequest(string method, string address, int status, double milliseconds, string requestId);
}
