using Microsoft.AspNetCore.Identity;
using QRCoder;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>
/// What members change about their own account: password and second factor. Each change ends every other session of theirs; the
/// one it is made in goes on.
/// </summary>
internal sealed class ChangeAccount(UserManager<User> users, SignInManager<User> sessions, SignInLimits limits, OwnerDb owner)
{
    private const int RecoveryCodes = 10;
    private const string App = "Tender";

    public async Task<Outcome> PasswordAsync(HttpContext context, string current, string wanted)
    {
        var user = await UserAsync(context);
        var made = Take(context, user);
        if (made.Wait is not null) return new Outcome.Refused("current", "Too many tries. Wait a minute.");
        var result = await users.ChangePasswordAsync(user, current, wanted);
        if (result.Succeeded)
        {
            limits.GiveBack(made);
            return await DoneAsync(user, "user.password_changed");
        }

        var why = result.Errors.First();
        return why.Code is nameof(IdentityErrorDescriber.PasswordMismatch) ? new Outcome.Refused("current", "This is not your password.") : new Outcome.Refused("wanted", why.Description);
    }

    /// <summary>Makes a key for an authenticator app; it counts once a code proves that the app has it.</summary>
    public async Task<TotpOffer> OfferTotpAsync(HttpContext context)
    {
        var user = await UserAsync(context);
        if (user.TotpEnabled) throw new InvalidOperationException("the second factor is on already");
        await users.ResetAuthenticatorKeyAsync(user);
        await sessions.SignInAsync(user, isPersistent: false);
        return await OfferAsync(user);
    }

    /// <summary>The key that was offered and not proven yet; null when none was.</summary>
    public async Task<TotpOffer?> PendingTotpAsync(HttpContext context)
    {
        var user = await UserAsync(context);
        return user.TotpEnabled || user.TotpKeySealed is null ? null : await OfferAsync(user);
    }

    public async Task<Outcome> TurnTotpOnAsync(HttpContext context, string code)
    {
        var user = await UserAsync(context);
        if (user.TotpEnabled || user.TotpKeySealed is null) return new Outcome.Refused("code", "Start again.");
        var made = Take(context, user);
        if (made.Wait is not null || !await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code))
            return new Outcome.WrongCode(await OfferAsync(user));
        limits.GiveBack(made);
        await users.SetTwoFactorEnabledAsync(user, true);
        return new Outcome.Codes(await NewCodesAsync(user, "user.second_factor_on"));
    }

    public async Task<Outcome> NewRecoveryCodesAsync(HttpContext context, string password)
    {
        var user = await UserAsync(context);
        return await ProvenAsync(context, user, password) ?? (user.TotpEnabled
            ? new Outcome.Codes(await NewCodesAsync(user, "user.recovery_codes_made"))
            : new Outcome.Refused("password", "The second factor is off."));
    }

    public async Task<Outcome> TurnTotpOffAsync(HttpContext context, string password)
    {
        var user = await UserAsync(context);
        if (await ProvenAsync(context, user, password) is { } refused) return refused;
        user.TotpKeySealed = null;
        await users.SetTwoFactorEnabledAsync(user, false);
        await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 0);
        return await DoneAsync(user, "user.second_factor_off");
    }

    private async Task<Outcome?> ProvenAsync(HttpContext context, User user, string password)
    {
        var made = Take(context, user);
        if (made.Wait is not null) return new Outcome.Refused("password", "Too many tries. Wait a minute.");
        if (!await users.CheckPasswordAsync(user, password)) return new Outcome.Refused("password", "This is not your password.");
        limits.GiveBack(made);
        return null;
    }

    // Who is signed in counts for themselves: strangers' tries at the sign-in page do not matter here.
    private SignInLimits.Try Take(HttpContext context, User user) => limits.Take(context.Connection.RemoteIpAddress, user.Email, known: "session");

    private async Task<IReadOnlyList<string>> NewCodesAsync(User user, string action)
    {
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes);
        await DoneAsync(user, action);
        return [.. codes ?? []];
    }

    private async Task<Outcome> DoneAsync(User user, string action)
    {
        await sessions.SignInAsync(user, isPersistent: false);
        await owner.WriteAsync(new Batch().AddAudit(user.Id, action, user.Id), CancellationToken.None);
        return new Outcome.Done();
    }

    private async Task<TotpOffer> OfferAsync(User user)
    {
        var key = await users.GetAuthenticatorKeyAsync(user) ?? throw new InvalidOperationException("no key was made");
        var address = $"otpauth://totp/{App}:{Uri.EscapeDataString(user.Email)}?secret={key}&issuer={App}";
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var drawing = new SvgQRCode(code);
        return new(key, drawing.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute));
    }

    private async Task<User> UserAsync(HttpContext context) =>
        await users.FindByIdAsync(context.TryMember()!.UserId) ?? throw new InvalidOperationException("the member is gone");

    /// <param name="Key">To be typed where no camera is.</param>
    /// <param name="Svg">The same as a picture.</param>
    public sealed record TotpOffer(string Key, string Svg)
    {
        public override string ToString() => "(secret)";
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Done : Outcome;

        /// <summary>Recovery codes, shown once; each counts once.</summary>
        public sealed record Codes(IReadOnlyList<string> All) : Outcome;

        public sealed record WrongCode(TotpOffer Again) : Outcome;

        /// <param name="Field">current, wanted, password or code.</param>
        public sealed record Refused(string Field, string Why) : Outcome;
    }
}
