using Tender.Server.Console;
using Tender.Server.Hosting;

namespace Tender.Server.Members;

/// <summary>How those are told no who may not come in: programs by a problem document, people by being led to where they can go on.</summary>
internal static class TurnAway
{
    private const string Challenge = "Bearer";

    /// <summary>No credentials at all.</summary>
    public static Task NobodyAsync(HttpContext context)
    {
        if (ProblemPage.IsPerson(context.Request)) return LeadTo(context, $"{MembersPaths.SignIn}?returnTo={Uri.EscapeDataString(PathBack(context.Request))}");
        context.Response.Headers.WWWAuthenticate = Challenge;
        return Problem.Unauthorized("unauthorized", "Say who you are: Authorization: Bearer, and an API key.").ExecuteAsync(context);
    }

    /// <summary>Credentials that do not count, or not for this.</summary>
    public static Task RefusedAsync(HttpContext context, Problem why)
    {
        if (why.Status is StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = $"{Challenge} error=\"invalid_token\"";
        return why.ExecuteAsync(context);
    }

    /// <summary>Somebody known, whom the route does not serve.</summary>
    public static Task KnownAsync(HttpContext context, Recognition.Known known)
    {
        if (!ProblemPage.IsPerson(context.Request)) return Problem.Forbidden("forbidden", "You are known, but this is not yours to do.").ExecuteAsync(context);
        // Who runs the installation and belongs to no tenant has no tenant's pages.
        return known.Db is null && known.Caller.Rights.HasFlag(Callers.Owner) ? LeadTo(context, MembersPaths.Tenants) : LeadTo(context, MembersPaths.NotYours);
    }

    private static string PathBack(HttpRequest request) => HttpMethods.IsGet(request.Method) ? $"{request.Path}{request.QueryString}" : ConsolePaths.Home;

    private static Task LeadTo(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
