using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Secrets;

namespace Tender.Server.Members;

/// <summary>
/// Reads the tokens that a tenant's application signs for its users: JWT with HS256 and nothing else, so that no header can
/// choose how it is checked (RFC 8725, 3.1). Before its signature holds, one thing in it is looked at: whose secrets may have made it.
/// </summary>
internal sealed class VerifyUserToken(JwtSecrets secrets, Mode mode, TimeProvider time)
{
    private const int CharsMax = 4096;
    /// <summary>Longer names of users are none.</summary>
    public const int UserCharsMax = 200;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    // Of two members with one name, readers take different ones.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>What an application may call its users.</summary>
    public const string UserRule = "must be 1 to 200 characters, none of them a control character";

    /// <summary>Whether it holds to <see cref="UserRule"/>.</summary>
    public static bool IsUser(string user) => user.Length is > 0 and <= UserCharsMax && !user.Any(char.IsControl);

    /// <summary>Whether a text has the shape of a token, and not of a key.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> text) => text.Count('.') is 2;

    public async ValueTask<Outcome> RunAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > CharsMax) return new Outcome.Refused("it is too long");
        try
        {
            var signers = await secrets.OfAsync(ClaimedTenant(token), cancellation);
            return Read(token, signers);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JSON that is none, and strings that are no Unicode.
            return new Outcome.Refused("it is no JWT");
        }
    }

    // The signature covers it: with another tenant's secrets it does not hold.
    private static string? ClaimedTenant(string token)
    {
        if (token.Split('.') is not [_, var claims, _] || CanonicalBase64Url.TryDecode(claims) is not { } payload) return null;
        using var document = JsonDocument.Parse(payload, Strict);
        return document.RootElement.ValueKind is JsonValueKind.Object ? Text(document.RootElement, "tenant") : null;
    }

    private Outcome Read(ReadOnlySpan<char> token, IReadOnlyList<Secret> signers)
    {
        Span<Range> parts = stackalloc Range[4];
        if (token.Split(parts, '.') is not 3) return new Outcome.Refused("it is no JWT");
        if (CanonicalBase64Url.TryDecode(token[parts[0]]) is not { } header || !IsHs256(header)) return new Outcome.Refused("only HS256 is taken");
        if (CanonicalBase64Url.TryDecode(token[parts[2]]) is not { } signature || !IsSigned(token[..parts[1].End.Value], signature, signers)) return new Outcome.Refused("its signature is wrong");
        return CanonicalBase64Url.TryDecode(token[parts[1]]) is { } payload ? ReadClaims(payload) : new Outcome.Refused("it is no JWT");
    }

    private static bool IsHs256(byte[] header)
    {
        using var document = JsonDocument.Parse(header, Strict);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "alg") is "HS256" && !root.TryGetProperty("crit", out _);
    }

    private static bool IsSigned(ReadOnlySpan<char> said, byte[] signature, IReadOnlyList<Secret> signers)
    {
        var bytes = new byte[said.Length];
        Encoding.ASCII.GetBytes(said, bytes);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var signer in signers)
        {
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(signer.Reveal()), bytes, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, signature)) return true;
        }

        return false;
    }

    private Outcome ReadClaims(byte[] payload)
    {
        using var document = JsonDocument.Parse(payload, Strict);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } claims) return new Outcome.Refused("it says nothing");
        if (Text(claims, "sub") is not { } user || !IsUser(user)) return new Outcome.Refused("it names no user: sub");
        if (Text(claims, "tenant") is not { Length: > 0 } tenant) return new Outcome.Refused("it names no tenant: tenant");

        var now = time.GetUtcNow();
        if (Seconds(claims, "exp") is not { } expires) return new Outcome.Refused("it does not say when it expires: exp");
        if (now - ClockSkew >= expires) return new Outcome.Refused("it has expired");
        if (claims.TryGetProperty("nbf", out _) && !(Seconds(claims, "nbf") <= now + ClockSkew)) return new Outcome.Refused("it does not count yet: nbf");

        var chosen = mode;
        if (claims.TryGetProperty("mode", out _) && !Words.TryParse(Text(claims, "mode"), out chosen)) return new Outcome.Refused("its mode is neither test nor live");
        return new Outcome.Proven(new($"customer:{user}", tenant, chosen, Callers.User, user));
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // Seconds since 1970, fractions allowed (RFC 7519, 2: NumericDate).
    private static DateTimeOffset? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Proven(Caller Caller) : Outcome;

        public sealed record Refused(string Why) : Outcome;
    }
}
