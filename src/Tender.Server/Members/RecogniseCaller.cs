using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Tender.Server.Console;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Finds out who asks, from the request's credentials alone. With a key in use it takes no round trip.</summary>
internal sealed class RecogniseCaller(KnownKeys keys, KnownMembers members, VerifyUserToken tokens, TenantDatabases tenants)
{
    /// <summary>The session of a signed-in member.</summary>
    public const string SessionCookie = "__Host-tender";

    /// <summary>Which of a member's tenants the console is switched to. It only chooses: the membership is looked up.</summary>
    public const string TenantCookie = "tender-tenant";

    /// <summary>With a tenant's API key: the application's user that the call is for.</summary>
    public const string ActingUser = "Tender-User";

    private const string Scheme = "Bearer ";

    public ValueTask<Recognition> RunAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count is 0)
            return context.Request.Headers.Cookie.Count > 0 && context.Request.Cookies.ContainsKey(SessionCookie) ? BySessionAsync(context) : new(Recognition.Nobody.It);
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new(Refused("invalid_authorization", "Send one header: Authorization: Bearer, and an API key or a token."));

        var bearer = text.AsSpan(Scheme.Length);
        return VerifyUserToken.LooksLikeOne(bearer) ? ByTokenAsync(text[Scheme.Length..], context.RequestAborted) : ByKeyAsync(keys.FindAsync(bearer, context.RequestAborted), context);
    }

    private async ValueTask<Recognition> ByKeyAsync(ValueTask<ApiKey?> finding, HttpContext context)
    {
        if (await finding is not { } key) return Refused("invalid_api_key", "This API key does not count: it was never made, or it was revoked.");
        if (key.IsReadOnly && !IsRead(context.Request.Method)) return new Recognition.Refused(Problem.Forbidden("forbidden", "This API key may only read."));
        if (key.Caller.Tenant is null) return new Recognition.Known(key.Caller, Db: null);
        var named = context.Request.Headers[ActingUser];
        if (named.Count is 0) return await OfTenantAsync(key.Caller, context.RequestAborted);
        // Named twice, or by nothing: an application that lost its user must not be taken for one that acts for all of them.
        if (named is not [{ Length: > 0 } user]) return new Recognition.Refused(Problem.Invalid(ActingUser, VerifyUserToken.UserRule));
        if (key.Caller.UserId is { } own && own != user) return new Recognition.Refused(Problem.Forbidden("forbidden", "This API key acts for its own user alone."));
        return VerifyUserToken.IsUser(user)
            ? await OfTenantAsync(key.Caller with { UserId = user }, context.RequestAborted)
            : new Recognition.Refused(Problem.Invalid(ActingUser, VerifyUserToken.UserRule));
    }

    private async ValueTask<Recognition> ByTokenAsync(string token, CancellationToken cancellation) => await tokens.RunAsync(token, cancellation) switch
    {
        VerifyUserToken.Outcome.Proven proven => await OfTenantAsync(proven.Caller, cancellation),
        VerifyUserToken.Outcome.Refused refused => Refused("invalid_token", $"This token does not count: {refused.Why}."),
        _ => throw new InvalidOperationException("no such outcome"),
    };

    private async ValueTask<Recognition> OfTenantAsync(Caller caller, CancellationToken cancellation) =>
        await tenants.FindAsync(caller.Tenant!, cancellation) is { } db
            ? new Recognition.Known(caller, db)
            : new Recognition.Refused(Problem.Forbidden("tenant_not_ready", "There is no such tenant, or it is suspended."));

    private async ValueTask<Recognition> BySessionAsync(HttpContext context)
    {
        var session = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (session.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) is not { } userId) return Recognition.Nobody.It;
        // The password or the second factor was changed, or the user is gone: the session is over, whatever its cookie says.
        if (await members.FindAsync(userId, context.RequestAborted) is not { } member || session.Principal.FindFirstValue(SessionPrincipal.Stamp) != member.Stamp) return Recognition.Nobody.It;
        if (!IsRead(context.Request.Method) && !CameFromHere(context.Request))
            return new Recognition.Refused(Problem.Forbidden("forbidden", "A signed-in member's request must come from Tender's own pages."));

        context.User = session.Principal;
        var here = Chosen(member, context.Request.Cookies[TenantCookie]);
        var db = here is null ? null : await tenants.FindAsync(here.Tenant, context.RequestAborted);
        var rights = (db is null ? Callers.None : here!.Rights) | (member.IsOwner ? Callers.Owner : Callers.None);
        return new Recognition.Known(new(member.UserId, db?.Tenant.Code, ConsoleSlice.ModeOf(context), rights), db, member);
    }

    private static Membership? Chosen(Member member, string? code) =>
        member.Memberships.FirstOrDefault(membership => membership.Tenant == code) ?? (member.Memberships is [var first, ..] ? first : null);

    // Another site, or another program on localhost, may send our cookie along; the browser says where a request began.
    private static bool CameFromHere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is "same-origin" or "none";
        if (request.Headers.Origin is not [{ } origin]) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value;
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static Recognition.Refused Refused(string code, string detail) => new(Problem.Unauthorized(code, detail));
}

/// <summary>Marks a call of the tenant's that Tender-User narrows to one user.</summary>
internal sealed record NarrowedToUser
{
    public static readonly NarrowedToUser It = new();
}
