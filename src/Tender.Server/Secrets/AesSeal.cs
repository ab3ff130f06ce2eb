using System.Security.Cryptography;

namespace Tender.Server.Secrets;

/// <summary>AES-256-GCM as one run of bytes: nonce, ciphertext, tag. Nonces are random: a key seals far fewer than 2^32 times.</summary>
internal static class AesSeal
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;

    public static byte[] Close(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> boundTo)
    {
        var closed = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = closed.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, closed.AsSpan(NonceBytes, plain.Length), closed.AsSpan(NonceBytes + plain.Length), boundTo);
        return closed;
    }

    /// <summary>Throws <see cref="CryptographicException"/> when a single bit, or what it is bound to, is another.</summary>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> closed, ReadOnlySpan<byte> boundTo)
    {
        if (closed.Length < NonceBytes + TagBytes) throw new CryptographicException("too short to have been sealed");
        return Open(key, closed[..NonceBytes], closed[NonceBytes..^TagBytes], closed[^TagBytes..], boundTo);
    }

    public static byte[] Open(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> boundTo)
    {
        var plain = new byte[ciphertext.Length];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(nonce, ciphertext, tag, plain, boundTo);
        return plain;
    }
}
