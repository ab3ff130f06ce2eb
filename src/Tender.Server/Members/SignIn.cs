using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>
/// Signs a member in: by password, then by a code where one is asked for. An account that does not exist takes as long, and hears
/// the same, as a wrong password.
/// </summary>
internal sealed class SignIn(
    SignInManager<User> sessions, UserManager<User> users, IPasswordHasher<User> hasher, SignInLimits limits, KnownBrowsers browsers, OwnerDb owner, TimeProvider time)
{
    private const int EmailCharsMax = 254;
    private const int PasswordCharsMax = 200;
    private static readonly User Nobody = new() { Id = "", Email = "", DisplayName = "" };

    // Verified in place of an unknown account's: as slow as a real one.
    private static string? nobodysHash;

    /// <param name="code">Six digits or a recovery code; null when the page asks for it later.</param>
    public async Task<Outcome> RunAsync(HttpContext context, string email, string password, string? code, CancellationToken cancellation)
    {
        if (email.Length is 0 or > EmailCharsMax || password.Length is 0 or > PasswordCharsMax) return new Outcome.Wrong();
        var browser = browsers.Find(context, email);
        var made = limits.Take(context.Connection.RemoteIpAddress, email, browser);
        if (made.Wait is { } wait) return new Outcome.TooMany(wait);
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            nobodysHash ??= hasher.HashPassword(Nobody, "nobody's password");
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            return new Outcome.Wrong();
        }

        if (await RefusedAsync(user, password, isKnown: browser is not null) is { } refused) return refused;
        if (user.TotpEnabled && !string.IsNullOrWhiteSpace(code)) return await CheckCodeAsync(context, user, code, made, cancellation);
        limits.GiveBack(made);
        if (!user.TotpEnabled) return await OpenAsync(context, user, cancellation);

        await context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new(new ClaimsIdentity(
            [new(ClaimTypes.Name, user.Id), new(SessionPrincipal.Stamp, user.SecurityStamp)], IdentityConstants.TwoFactorUserIdScheme)));
        return new Outcome.CodeNeeded();
    }

    /// <summary>The second step, on a page of its own: the password was right a moment ago.</summary>
    public async Task<Outcome> RunAsync(HttpContext context, string code, CancellationToken cancellation)
    {
        var halfway = await context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (halfway.Principal?.FindFirstValue(ClaimTypes.Name) is not { } id || await users.FindByIdAsync(id) is not { } user) return new Outcome.TooLate();
        if (halfway.Principal.FindFirstValue(SessionPrincipal.Stamp) != user.SecurityStamp) return new Outcome.TooLate();
        var browser = browsers.Find(context, user.Email);
        var made = limits.Take(context.Connection.RemoteIpAddress, user.Email, browser);
        if (made.Wait is { } wait) return new Outcome.TooMany(wait);
        return browser is null && await users.IsLockedOutAsync(user) ? Locked(user) : await CheckCodeAsync(context, user, code, made, cancellation);
    }

    /// <summary>For somebody who has just proven themselves otherwise: the set-up page, an invitation.</summary>
    public async Task<Outcome> OpenAsync(HttpContext context, User user, CancellationToken cancellation)
    {
        await context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await sessions.SignInAsync(user, isPersistent: false);
        browsers.Remember(context, user.Email);
        await owner.ExecuteAsync("update users set last_signed_in_at = @Now where id = @Id", new { user.Id, Now = time.GetUtcNow() }, cancellation);
        return new Outcome.SignedIn(user);
    }

    // The lock is for strangers: it neither stops a browser that signed in before, nor is it brought nearer by one.
    private async Task<Outcome?> RefusedAsync(User user, string password, bool isKnown)
    {
        if (isKnown) return await users.CheckPasswordAsync(user, password) ? null : new Outcome.Wrong();
        var result = await sessions.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.IsLockedOut) return Locked(user);
        return result.Succeeded ? null : new Outcome.Wrong();
    }

    private async Task<Outcome> CheckCodeAsync(HttpContext context, User user, string code, SignInLimits.Try made, CancellationToken cancellation)
    {
        if (await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code) ||
            (await users.RedeemTwoFactorRecoveryCodeAsync(user, code)).Succeeded)
        {
            limits.GiveBack(made);
            await users.ResetAccessFailedCountAsync(user);
            return await OpenAsync(context, user, cancellation);
        }

        if (browsers.Find(context, user.Email) is not null) return new Outcome.WrongCode();
        await users.AccessFailedAsync(user);
        return await users.IsLockedOutAsync(user) ? Locked(user) : new Outcome.WrongCode();
    }

    private Outcome.TooMany Locked(User user) => new((user.LockedUntil ?? time.GetUtcNow()) - time.GetUtcNow());

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record SignedIn(User User) : Outcome;

        /// <summary>The password is right; now the second factor.</summary>
        public sealed record CodeNeeded : Outcome;

        public sealed record Wrong : Outcome;

        public sealed record WrongCode : Outcome;

        /// <summary>The password was typed too long ago, or was changed since.</summary>
        public sealed record TooLate : Outcome;

        public sealed record TooMany(TimeSpan TryAgainIn) : Outcome;
    }
}
