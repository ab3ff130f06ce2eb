using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.Server.Members;

/// <summary>What is known of a key that counts. The key itself is nowhere: only its hash is stored.</summary>
internal sealed class ApiKey(string id, string? tenant, Mode mode, string? userId, IReadOnlyList<string> scopes)
{
    /// <summary>Every key begins so.</summary>
    public const string Start = "sk_";

    /// <summary>With this scope alone a key may look, and change nothing.</summary>
    public const string ReadScope = "read";

    /// <summary>The scope of what changes something. No scope at all is both.</summary>
    public const string WriteScope = "write";

    private const int RandomBytes = 32;
    private const int Chars = 67;
    /// <summary>How much of a key is kept for display.</summary>
    public const int PrefixChars = 20;

    private long notedTicks;

    public string Id => id;

    /// <summary>A key that was sold to a tenant's customer acts as that customer, not as the tenant; one without a tenant is the owner's.</summary>
    public Caller Caller { get; } = new(id, tenant, mode, tenant is null ? Callers.Owner : userId is null ? Callers.Key : Callers.User, userId);

    public bool IsReadOnly { get; } = scopes.Contains(ReadScope) && !scopes.Contains(WriteScope);

    /// <summary>A new key: to be shown once, its first characters for display, and its hash.</summary>
    public static (string Text, string Prefix, KeyHash Hash) New()
    {
        var text = Start + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        return (text, text[..PrefixChars], HashOf(text)!.Value);
    }

    /// <summary>The hash a key is found by; null, without hashing, for what cannot be one.</summary>
    public static KeyHash? HashOf(ReadOnlySpan<char> text)
    {
        if (text.Length is not Chars || !text.StartsWith(Start, StringComparison.Ordinal)) return null;
        Span<byte> ascii = stackalloc byte[Chars];
        if (Encoding.ASCII.GetBytes(text, ascii) is not Chars) return null;
        Span<byte> hash = stackalloc byte[KeyHash.Bytes];
        SHA256.HashData(ascii, hash);
        return KeyHash.Read(hash);
    }

    /// <summary>Whether a use is worth noting: at most one a second is.</summary>
    public bool IsWorthNoting(DateTimeOffset now)
    {
        var noted = Interlocked.Read(ref notedTicks);
        return now.UtcTicks - noted >= TimeSpan.TicksPerSecond && Interlocked.CompareExchange(ref notedTicks, now.UtcTicks, noted) == noted;
    }
}

/// <summary>SHA-256 of a key, as a value that a dictionary finds without allocating.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyHash(UInt128 High, UInt128 Low)
{
    public const int Bytes = 32;

    public static KeyHash Read(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    // The hash is random already.
    public override int GetHashCode() => (int)(ulong)Low;
}
