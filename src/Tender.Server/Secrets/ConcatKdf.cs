using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tender.Server.Secrets;

/// <summary>The key derivation of RFC 7518 4.6.2 (NIST SP 800-56A, Concat KDF, SHA-256), for keys of one round: up to 256 bits.</summary>
internal static class ConcatKdf
{
    public static byte[] Derive(
        ReadOnlySpan<byte> agreed, string algorithm, int keyBytes, ReadOnlySpan<byte> partyU = default, ReadOnlySpan<byte> partyV = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keyBytes, SHA256.HashSizeInBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Number(1));
        hash.AppendData(agreed);
        AppendWithLength(hash, Encoding.ASCII.GetBytes(algorithm));
        AppendWithLength(hash, partyU);
        AppendWithLength(hash, partyV);
        hash.AppendData(Number(keyBytes * 8));
        return hash.GetHashAndReset()[..keyBytes];
    }

    private static void AppendWithLength(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(Number(bytes.Length));
        hash.AppendData(bytes);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
