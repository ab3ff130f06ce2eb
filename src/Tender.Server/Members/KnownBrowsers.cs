using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Tender.Server.Members;

/// <summary>
/// Browsers that signed in before (OWASP's device cookies): each carries a sealed name of its own and the accounts it was signed in
/// to. It proves nothing but that; the password is asked for all the same.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection)
{
    public const string Cookie = "__Host-tender-known";

    // Several people may share a browser; who signed in longest ago is forgotten first.
    private const int AccountsMax = 4;
    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(180);
    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector("tender known browsers").ToTimeLimitedDataProtector();

    /// <summary>The browser's name, when it signed in to this account before.</summary>
    public string? Find(HttpContext context, string account) =>
        Read(context) is [var name, .. var accounts] && accounts.Contains(NameOf(account), StringComparer.Ordinal) ? name : null;

    /// <summary>It has just signed in to this account.</summary>
    public void Remember(HttpContext context, string account)
    {
        var (name, others) = Read(context) is [var known, .. var accounts] ? (known, accounts) : (RandomNumberGenerator.GetHexString(32, lowercase: true), []);
        string[] words = [name, NameOf(account), .. others.Where(other => other != NameOf(account)).Take(AccountsMax - 1)];
        context.Response.Cookies.Append(Cookie, seal.Protect(string.Join('\n', words), KnownFor), new()
        {
            HttpOnly = true,
            // As the session's: browsers take localhost for a safe place.
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = KnownFor,
        });
    }

    public static string NameOf(string account) => account.Trim().ToUpperInvariant();

    private string[]? Read(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } cookie) return null;
        try
        {
            return seal.Unprotect(cookie).Split('\n');
        }
        catch (CryptographicException)
        {
            // Too old, or not ours.
            return null;
        }
    }
}
