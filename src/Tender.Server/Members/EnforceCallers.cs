using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Tender.Server.Console;
using Tender.Server.Hosting;

namespace Tender.Server.Members;

/// <summary>
/// Stands before every endpoint: knows the caller once a request, and lets in only those whom the endpoint's rule names.
/// An endpoint that names nobody is closed.
/// </summary>
internal sealed class EnforceCallers(
    RequestDelegate next, RecogniseCaller recognise, RateLimits limits, FillConsoleFrame frame, IAntiforgery forms)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Without a route there is nothing to guard: the framework answers 404, 405 or 415.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);
        if (CallerRule.Of(endpoint) is not { } rule) return Problem.Forbidden("forbidden", "This address serves nobody.").ExecuteAsync(context);
        if (rule.Serves is Callers.Public) return limits.Let(context, caller: null) ? next(context) : limits.RefuseAsync(context);

        var recognition = recognise.RunAsync(context);
        return recognition.IsCompletedSuccessfully
            ? Decide(context, rule, recognition.GetAwaiter().GetResult())
            : DecideLaterAsync(context, rule, recognition);
    }

    private async Task DecideLaterAsync(HttpContext context, CallerRule rule, ValueTask<Recognition> recognition) =>
        await Decide(context, rule, await recognition);

    private Task Decide(HttpContext context, CallerRule rule, Recognition recognition)
    {
        var who = recognition as Recognition.Known;
        if (!limits.Let(context, who?.Caller, who?.Db?.Tenant.Plan)) return limits.RefuseAsync(context);
        var servesAll = rule.Serves.HasFlag(Callers.Public);
        return recognition switch
        {
            Recognition.Known known when servesAll || (known.Caller.Rights & rule.Serves) is not Callers.None => LetIn(context, known),
            Recognition.Known known => TurnAway.KnownAsync(context, known),
            Recognition.Refused refused => TurnAway.RefusedAsync(context, refused.Why),
            _ => servesAll ? next(context) : TurnAway.NobodyAsync(context),
        };
    }

    private Task LetIn(HttpContext context, Recognition.Known known)
    {
        context.Features.Set(known);
        return known.Member is not null && context.Request.Path.StartsWithSegments(ConsolePaths.Home, StringComparison.Ordinal) ? LetIntoConsoleAsync(context, known) : next(context);
    }

    private async Task LetIntoConsoleAsync(HttpContext context, Recognition.Known known)
    {
        // The framework asks for a form's token only where a handler binds a form; here every form needs it.
        if (HttpMethods.IsPost(context.Request.Method) && !await forms.IsRequestValidAsync(context))
        {
            await Problem.BadRequest("stale_form", "This form is too old or not one of Tender's. Load the page again.").ExecuteAsync(context);
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null) await frame.RunAsync(context, known);
        await next(context);
    }
}
