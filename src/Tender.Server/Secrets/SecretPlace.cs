using System.Text;

namespace Tender.Server.Secrets;

/// <summary>Where a sealed secret lives. It opens there and nowhere else: moved to another tenant, holder or field it is noise.</summary>
/// <param name="Tenant">The tenant's code.</param>
/// <param name="Holder">The id of the record that holds it: a connection.</param>
/// <param name="Field">Its name in that record.</param>
internal sealed record SecretPlace(string Tenant, string Holder, string Field)
{
    // Only the last part may hold a slash, so that no two places share a spelling.
    internal byte[] BoundTo(int keyVersion) =>
        Tenant.Contains('/') || Holder.Contains('/')
            ? throw new ArgumentException("a tenant or holder with a slash")
            : Encoding.UTF8.GetBytes($"tender/v1/{Tenant}/{keyVersion}/{Holder}/{Field}");
}

/// <summary>A secret as it is stored: <c>v1.key version.nonce.ciphertext and tag</c>, the last two in base64url.</summary>
internal readonly record struct SealedSecret(string Text)
{
    private const string Format = "v1";

    /// <summary>The version of the tenant's key that it was sealed with; null when the text is no sealed secret.</summary>
    public int? KeyVersion => Read()?.KeyVersion;

    internal static SealedSecret From(int keyVersion, ReadOnlySpan<byte> closed) =>
        new($"{Format}.{keyVersion}.{CanonicalBase64Url.Encode(closed[..AesSeal.NonceBytes])}.{CanonicalBase64Url.Encode(closed[AesSeal.NonceBytes..])}");

    internal (int KeyVersion, byte[] Nonce, byte[] Ciphertext)? Read()
    {
        if (Text?.Split('.') is not [Format, var version, var nonce, var ciphertext]) return null;
        if (!int.TryParse(version, out var keyVersion) || $"{keyVersion}" != version) return null;
        if (CanonicalBase64Url.TryDecode(nonce) is not { Length: AesSeal.NonceBytes } nonceBytes) return null;
        return CanonicalBase64Url.TryDecode(ciphertext) is { Length: >= AesSeal.TagBytes } bytes ? (keyVersion, nonceBytes, bytes) : null;
    }
}
