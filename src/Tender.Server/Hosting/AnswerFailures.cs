using Npgsql;

namespace Tender.Server.Hosting;

/// <summary>
/// Whatever goes wrong below becomes one problem document: unreadable requests, unknown routes, a database that is away,
/// and our own faults. A browser that asked for a page gets a page.
/// </summary>
internal sealed partial class AnswerFailures(RequestDelegate next, DatabaseWatch database, ILogger<AnswerFailures> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBare(context.Response)) await WriteAsync(context, BadRequests.Explain(context));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
        }
        catch (Exception exception)
        {
            var problem = Answer(exception, context);
            if (context.Response.HasStarted) context.Abort();
            else await WriteAsync(context, problem);
        }
    }

    /// <summary>Instead of what was to be answered.</summary>
    internal static Task WriteAsync(HttpContext context, Problem problem)
    {
        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        if (allow.Count > 0) context.Response.Headers.Allow = allow;
        return problem.ExecuteAsync(context);
    }

    private Problem Answer(Exception exception, HttpContext context)
    {
        if (exception is BadHttpRequestException bad) return BadRequests.Explain(bad);
        if (exception is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter })
            return BadRequests.ExplainZero(context);
        // A form with a zero character, or with more than a form may have.
        if (exception is InvalidDataException && context.Request.HasFormContentType) return Problem.BadRequest("unreadable_form", "The form cannot be read: something in it is no text.");
        if (exception is OperationCanceledException && !database.IsUp) return Outages.Away;
        if (Outages.Explain(exception) is { } outage)
        {
            LogOutage(context.TraceIdentifier, outage.Code, exception.Message);
            return outage;
        }
        LogFault(context.TraceIdentifier, exception);
        return Problem.Of(StatusCodes.Status500InternalServerError, "internal_error", $"Something failed in Tender itself; it was logged as {context.TraceIdentifier}.");
    }

    private static bool IsBare(HttpResponse response) => response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null };

    [LoggerMessage(101, LogLevel.Warning, "request {RequestId} answered 503 {Code}: {Why}")]
    private partial void LogOutage(string requestId, string code, string why);

    [LoggerMessage(102, LogLevel.Error, "request {RequestId} failed")]
    private partial void LogFault(string requestId, Exception exception);
}
