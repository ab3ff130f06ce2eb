using System.Text;
using System.Text.Json;

namespace Tender.Server.Secrets;

/// <summary>
/// A sealed secret as the browser sends it: JWE in compact form (RFC 7516), and only in the one shape that <c>encryptForServer</c> writes.
/// Reading proves nothing yet; it keeps everything odd away from the cryptography.
/// </summary>
internal sealed record ClientToken(
    string Kid, string Tenant, string Purpose, string Challenge, DateTimeOffset ExpiresAt, P256Point Epk,
    byte[] BoundTo, byte[] Nonce, byte[] Ciphertext, byte[] Tag)
{
    /// <summary>The longest token that is looked at.</summary>
    public const int CharactersMax = 16 * 1024;

    private const int WordCharactersMax = 200;
    private static readonly string[] Members = ["alg", "challenge", "enc", "epk", "exp", "kid", "purpose", "tenant", "typ"];
    private static readonly string[] EpkMembers = ["crv", "kty", "x", "y"];

    // 9999-12-31: the last second that DateTimeOffset knows.
    private const long LastSecond = 253402300799;

    /// <summary>The token, or null for anything that is not exactly one.</summary>
    public static ClientToken? TryRead(string? text)
    {
        if (text is not { Length: > 0 and <= CharactersMax }) return null;
        // ECDH-ES agrees on the content key directly, so the second part is empty.
        if (text.Split('.', 6) is not [var header, "", var nonce, var ciphertext, var tag]) return null;
        if (CanonicalBase64Url.TryDecode(nonce) is not { Length: AesSeal.NonceBytes } nonceBytes) return null;
        if (CanonicalBase64Url.TryDecode(ciphertext) is not { Length: > 0 } ciphertextBytes) return null;
        if (CanonicalBase64Url.TryDecode(tag) is not { Length: AesSeal.TagBytes } tagBytes) return null;
        if (CanonicalBase64Url.TryDecode(header) is not { Length: > 0 } headerBytes) return null;
        return TryReadHeader(headerBytes) is { } read
            ? read with { BoundTo = Encoding.ASCII.GetBytes(header), Nonce = nonceBytes, Ciphertext = ciphertextBytes, Tag = tagBytes }
            : null;
    }

    private static ClientToken? TryReadHeader(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false, MaxDepth = 2 });
            var header = document.RootElement;
            if (!HasExactly(header, Members) || !HasExactly(header.GetProperty("epk"), EpkMembers)) return null;
            if (Word(header, "alg") is not "ECDH-ES" || Word(header, "enc") is not "A256GCM" || Word(header, "typ") is not "tender-secret") return null;
            if (Point(header.GetProperty("epk")) is not { } epk) return null;
            if (!header.GetProperty("exp").TryGetInt64(out var exp) || exp is < 0 or > LastSecond) return null;
            if (Word(header, "kid") is not { } kid || Word(header, "tenant") is not { } tenant) return null;
            if (Word(header, "purpose") is not { } purpose || Word(header, "challenge") is not { } challenge) return null;
            return new(kid, tenant, purpose, challenge, DateTimeOffset.FromUnixTimeSeconds(exp), epk, [], [], [], []);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // No JSON, or a value of another kind, or text that is no Unicode.
            return null;
        }
    }

    // Exactly: an unknown member might be one that somebody's software obeys (zip, crit, jwk, x5c, jku).
    private static bool HasExactly(JsonElement json, string[] members) =>
        json.ValueKind is JsonValueKind.Object && json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).SequenceEqual(members);

    private static P256Point? Point(JsonElement epk) =>
        Word(epk, "kty") is "EC" && Word(epk, "crv") is "P-256" ? P256Point.TryRead(Word(epk, "x"), Word(epk, "y")) : null;

    private static string? Word(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.String } member && member.GetString() is { Length: > 0 and <= WordCharactersMax } word ? word : null;
}
