using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tender.Server.Tenancy;

/// <summary>
/// Ids are text: kind, tenant code, and a time-ordered random part (pay_k3f9x2_01jd…), so that any id, found anywhere,
/// says which tenant's database it lives in. 80 random bits make them unguessable.
/// </summary>
internal sealed class Ids(TimeProvider time)
{
    /// <summary>None of these is easily misread.</summary>
    public const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>How long a tenant's code is.</summary>
    public const int TenantCodeChars = 6;

    private const int TimeAndRandomBytes = 16;

    public string New(string kind, string tenantCode) => $"{kind}_{tenantCode}_{Unique()}";

    /// <summary>An id in the owner's database: no tenant in it.</summary>
    public string NewForOwner(string kind) => $"{kind}_{Unique()}";

    /// <summary>A new tenant's code.</summary>
    public static string NewTenantCode() => RandomNumberGenerator.GetString(Alphabet, TenantCodeChars);

    /// <summary>The tenant code inside an id; null when it is no such id, so that nothing is queried for it.</summary>
    public static string? TenantOf(string? id)
    {
        var parts = id?.Split('_') ?? [];
        return parts is [_, var code, { Length: 26 }] && IsTenantCode(code) ? code : null;
    }

    /// <summary>Whether it can be a tenant's code at all.</summary>
    public static bool IsTenantCode(string? text) => text is { Length: TenantCodeChars } && text.All(char.IsAsciiLetterOrDigit);

    private string Unique()
    {
        Span<byte> bytes = stackalloc byte[TimeAndRandomBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        RandomNumberGenerator.Fill(bytes[6..]);
        return string.Create(26, BinaryPrimitives.ReadUInt128BigEndian(bytes), static (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, value >>= 5) text[i] = Alphabet[(int)(value & 31)];
        });
    }
}
