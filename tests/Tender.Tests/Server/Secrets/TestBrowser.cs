using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

/// <summary>Seals as the browser's encryptForServer does, and badly where a test wants that.</summary>
internal static class TestBrowser
{
    public static string Seal(
        string secret, KeyPair key, Challenge challenge, string tenant, string purpose, Action<JsonObject>? change = null, Func<string, string>? respell = null) =>
        Seal(Encoding.UTF8.GetBytes(secret), key, challenge, tenant, purpose, change, respell);

    public static string Seal(
        byte[] secret, KeyPair key, Challenge challenge, string tenant, string purpose, Action<JsonObject>? change = null, Func<string, string>? respell = null)
    {
        using var theirs = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = key.X, Y = key.Y } });
        using var ours = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var header = Header(ours.ExportParameters(includePrivateParameters: false).Q, key.Kid, challenge, tenant, purpose);
        change?.Invoke(header);
        var json = header.ToJsonString();
        var protectedHeader = CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(respell?.Invoke(json) ?? json));

        var contentKey = ConcatKdf.Derive(ours.DeriveRawSecretAgreement(theirs.PublicKey), "A256GCM", 32);
        var closed = AesSeal.Close(contentKey, secret, Encoding.ASCII.GetBytes(protectedHeader));
        return $"{protectedHeader}..{Encode(closed[..12])}.{Encode(closed[12..^16])}.{Encode(closed[^16..])}";
    }

    private static JsonObject Header(ECPoint epk, string kid, Challenge challenge, string tenant, string purpose) => new()
    {
        ["alg"] = "ECDH-ES",
        ["enc"] = "A256GCM",
        ["epk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Encode(epk.X!), ["y"] = Encode(epk.Y!) },
        ["kid"] = kid,
        ["typ"] = "tender-secret",
        ["tenant"] = tenant,
        ["purpose"] = purpose,
        ["challenge"] = challenge.Text,
        ["exp"] = challenge.ExpiresAt.ToUnixTimeSeconds(),
    };

    private static string Encode(byte[] bytes) => CanonicalBase64Url.Encode(bytes);
}
