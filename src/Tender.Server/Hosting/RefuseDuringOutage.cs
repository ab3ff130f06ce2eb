namespace Tender.Server.Hosting;

/// <summary>While the database is away every call hears so at once, and one that is under way is let go.</summary>
internal sealed class RefuseDuringOutage(RequestDelegate next, DatabaseWatch database)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!NeedsDatabase(context))
        {
            await next(context);
            return;
        }
        if (!database.IsUp)
        {
            await AnswerFailures.WriteAsync(context, Outages.Away);
            return;
        }

        // A query that hangs in a database that went away would otherwise hold its caller until its own time-out.
        var client = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(client, database.Outage);
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = client;
        }
    }

    // Files and addresses that do not exist are answered without it.
    private static bool NeedsDatabase(HttpContext context) => context.GetEndpoint() is not null && !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
}
