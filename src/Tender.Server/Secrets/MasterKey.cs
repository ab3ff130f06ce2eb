using System.Security.Cryptography;
using System.Text;

namespace Tender.Server.Secrets;

/// <summary>
/// The installation's one key. It opens no secret itself: it wraps the keys that do, and what else is needed is derived from it.
/// </summary>
internal sealed class MasterKey
{
    /// <summary>Length of the key itself.</summary>
    public const int Bytes = 32;

    private readonly byte[] key;
    private readonly byte[] wrapping;

    private MasterKey(byte[] key)
    {
        this.key = key;
        wrapping = Derive("wrap keys");
    }

    /// <summary>Reads 32 bytes of base64; null when it is something else.</summary>
    public static MasterKey? TryParse(string? base64)
    {
        Span<byte> bytes = stackalloc byte[Bytes + 1];
        return Convert.TryFromBase64String(base64?.Trim() ?? "", bytes, out var count) && count is Bytes ? new(bytes[..Bytes].ToArray()) : null;
    }

    /// <summary>A new key, as it is written into settings or a file.</summary>
    public static string NewText() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Wraps a key; what it is for is bound to it, so that it unwraps for nothing else.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> other, string purpose) => AesSeal.Close(wrapping, other, Encoding.UTF8.GetBytes(purpose));

    /// <summary>Unwraps a key that was wrapped for the same purpose.</summary>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string purpose) => AesSeal.Open(wrapping, wrapped, Encoding.UTF8.GetBytes(purpose));

    /// <summary>An independent key for one use (HKDF, RFC 5869).</summary>
    public byte[] Derive(string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Bytes, info: Encoding.UTF8.GetBytes($"tender/v1/{use}"));

    public override string ToString() => "(secret)";
}
