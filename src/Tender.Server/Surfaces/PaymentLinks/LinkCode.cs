using System.Security.Cryptography;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>What stands in a link's address: the tenant's code and ten random characters, 50 bits, without letters that are easily misread.</summary>
internal static class LinkCode
{
    private const int RandomChars = 10;

    public static string New(string tenantCode) => tenantCode + RandomNumberGenerator.GetString(Ids.Alphabet, RandomChars);

    /// <summary>As somebody typed it from a poster: in capitals, with dashes, an O for a zero. Null when it is no code, so that nothing is looked up for it.</summary>
    public static string? Read(string typed)
    {
        if (typed.Length > 2 * (Ids.TenantCodeChars + RandomChars)) return null;
        var code = string.Concat(typed.Where(letter => letter is not ('-' or ' ')).Select(letter => char.ToLowerInvariant(letter) switch
        {
            'o' => '0',
            'i' or 'l' => '1',
            var other => other,
        }));
        return code.Length is Ids.TenantCodeChars + RandomChars && code.All(Ids.Alphabet.Contains) ? code : null;
    }

    /// <summary>The tenant that a code names.</summary>
    public static string TenantOf(string code) => code[..Ids.TenantCodeChars];
}
