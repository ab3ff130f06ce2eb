using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.JourneyTests.Callers;

/// <summary>A user's token, as the tenant's own application would sign it.</summary>
internal static class UserToken
{
    public static string Of(string tenant, Secret secret)
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var said = $"{Encode("""{"alg":"HS256"}""")}.{Encode($$"""{"sub":"u1","tenant":"{{tenant}}","exp":{{expires}}}""")}";
        return $"{said}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), Encoding.ASCII.GetBytes(said)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
