using Tender.Server.Hosting;

namespace Tender.Server.Members;

/// <summary>
/// Stands before every endpoint: knows the caller once a request, and lets in only those whom the endpoint's rule names.
/// An endpoint that names nobody is closed.
/// </summary>
internal sealed class EnforceCallers(RequestDelegate next, RecogniseCaller recognise)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Without a route there is nothing to guard: the framework answers 404, 405 or 415.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);
        if (CallerRule.Of(endpoint) is not { } rule) return Problem.Forbidden("forbidden", "This address serves nobody.").ExecuteAsync(context);
        if (rule.Serves is Callers.Public) return next(context);

        var recognition = recognise.RunAsync(context);
        return recognition.IsCompletedSuccessfully
            ? Decide(context, rule, recognition.GetAwaiter().GetResult())
            : DecideLaterAsync(context, rule, recognition);
    }

    private async Task DecideLaterAsync(HttpContext context, CallerRule rule, ValueTask<Recognition> recognition) =>
        await Decide(context, rule, await recognition);

    private Task Decide(HttpContext context, CallerRule rule, Recognition recognition)
    {
        switch (recognition)
        {
            case Recognition.Known known when (known.Caller.Rights & rule.Serves) is not Callers.None:
                context.Features.Set(known);
                return next(context);
            case Recognition.Known known when rule.Serves.HasFlag(Callers.Public):
                context.Features.Set(known);
                return next(context);
            case Recognition.Known:
                return Problem.Forbidden("forbidden", "You are known, but this is not yours to do.").ExecuteAsync(context);
            case Recognition.Refused refused:
                return RefuseAsync(context, refused.Why);
            default:
                return rule.Serves.HasFlag(Callers.Public)
                    ? next(context)
                    : RefuseAsync(context, Problem.Unauthorized("unauthorized", "Say who you are: Authorization: Bearer, and an API key."));
        }
    }

    private static Task RefuseAsync(HttpContext context, Problem why)
    {
        if (why.Status is StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = why.Code is "unauthorized" ? "Bearer" : "Bearer error=\"invalid_token\"";
        return why.ExecuteAsync(context);
    }
}
