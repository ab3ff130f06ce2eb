using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tender.Server.Console;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;

namespace Tender.Server.Members;

/// <summary>Signing in and out without a page, and the console's switch from tenant to tenant.</summary>
internal static class SessionEndpoints
{
    private const Callers AnyMember = Callers.Viewer | Callers.Owner;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(MembersPaths.Session, SignInAsync).CallableBy(Callers.Public).WithTags("Session").Answers<SignedIn>("startSession").Refuses(401);
        routes.MapDelete(MembersPaths.Session, EndAsync).CallableBy(Callers.Public | AnyMember).WithTags("Session").Answers("endSession", 204);
        routes.MapPost(ConsolePaths.SignOut, SignOutAsync).CallableBy(Callers.Public | AnyMember);
        routes.MapPost(ConsolePaths.Tenant, SwitchTenant).CallableBy(AnyMember);
    }

    /// <summary>Signs a member in.</summary>
    /// <remarks>Sets the session's cookie, good for twelve hours. 401 code_needed asks for the second factor; 429 after too many tries.</remarks>
    public static async Task<IResult> SignInAsync(Credentials credentials, SignIn signIn, HttpContext context, CancellationToken cancellation) =>
        await signIn.RunAsync(context, credentials.Email, credentials.Password, credentials.Code, cancellation) switch
        {
            SignIn.Outcome.SignedIn signedIn => Results.Ok(new SignedIn(signedIn.User.Id, signedIn.User.Email, signedIn.User.DisplayName)),
            SignIn.Outcome.CodeNeeded => Problem.Unauthorized("code_needed", "The password is right; send the code of your second factor along."),
            SignIn.Outcome.WrongCode => Problem.Unauthorized("wrong_code", "The code is wrong, or it was used already."),
            SignIn.Outcome.TooMany many => Problem.TooMany(SecondsOf(many.TryAgainIn), "Too many tries."),
            _ => Problem.Unauthorized("wrong_credentials", "This mail address and password do not belong together."),
        };

    internal static int SecondsOf(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));

    /// <summary>Signs the member out.</summary>
    /// <remarks>Answers alike when nobody was signed in.</remarks>
    public static async Task<IResult> EndAsync(EndSessions end, HttpContext context, CancellationToken cancellation)
    {
        if (context.TryMember() is { } member) await end.RunAsync(member.UserId, cancellation);
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.NoContent();
    }

    // The form parameter makes the framework ask for the page's antiforgery token.
    private static async Task<IResult> SignOutAsync([FromForm] string? returnTo, EndSessions end, HttpContext context, CancellationToken cancellation)
    {
        if (context.TryMember() is { } member) await end.RunAsync(member.UserId, cancellation);
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.LocalRedirect(returnTo is null ? MembersPaths.SignIn : ConsolePaths.OnThisSite(returnTo));
    }

    private static IResult SwitchTenant([FromForm] string tenant, HttpContext context)
    {
        if (context.TryMember()!.Memberships.All(membership => membership.Tenant != tenant)) return Problem.NotFound("no_such_tenant", "You are no member of such a tenant.");
        context.Response.Cookies.Append(RecogniseCaller.TenantCookie, tenant, new()
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = TimeSpan.FromDays(365),
        });
        return Results.LocalRedirect(ConsolePaths.Home);
    }

    internal sealed record SignedIn(string Id, string Email, string Name);

    /// <param name="Code">Six digits of the authenticator app, or a recovery code.</param>
    public sealed record Credentials([Required, StringLength(254)] string Email, [Required, StringLength(200)] string Password, [StringLength(40)] string? Code);
}
