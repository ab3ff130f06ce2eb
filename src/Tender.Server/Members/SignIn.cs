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
    SignInManager<User> sessions, UserManager<User> users, IPasswordHasher<User> hasher, SignInLimits limits, OwnerDb owner, TimeProvider time)
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
        if (limits.Take(context.Connection.RemoteIpAddress, email) is { } wait) return new Outcome.TooMany(wait);
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            nobodysHash ??= hasher.HashPassword(Nobody, "nobody's password");
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            return new Outcome.Wrong();
        }

        var checkedPassword = await sessions.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (checkedPassword.IsLockedOut) return Locked(user);
        if (!checkedPassword.Succeeded) return new Outcome.Wrong();
        if (!user.TotpEnabled) return await OpenAsync(context, user, cancellation);
        if (!string.IsNullOrWhiteSpace(code)) return await CheckCodeAsync(context, user, code, cancellation);

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
        if (limits.Take(context.Connection.RemoteIpAddress, user.Email) is { } wait) return new Outcome.TooMany(wait);
        return await users.IsLockedOutAsync(user) ? Locked(user) : await CheckCodeAsync(context, user, code, cancellation);
    }

    /// <summary>For somebody who has just proven themselves otherwise: the set-up page, an invitation.</summary>
    public async Task<Outcome> OpenAsync(HttpContext context, User user, CancellationToken cancellation)
    {
        await context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await sessions.SignInAsync(user, isPersistent: false);
        await owner.ExecuteAsync("update users set last_signed_in_at = @Now where id = @Id", new { user.Id, Now = time.GetUtcNow() }, cancellation);
        return new Outcome.SignedIn(user);
    }

    private async Task<Outcome> CheckCodeAsync(HttpContext context, User user, string code, CancellationToken cancellation)
    {
        if (await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code) ||
            (await users.RedeemTwoFactorRecoveryCodeAsync(user, code)).Succeeded)
        {
            await users.ResetAccessFailedCountAsync(user);
            return await OpenAsync(context, user, cancellation);
        }

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
