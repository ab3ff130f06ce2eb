using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.Server.Secrets;

/// <summary>Opens a stored secret for use. It opens only where it was sealed to live.</summary>
internal sealed class DecryptFromStorage(TenantKeys keys)
{
    /// <summary>Throws <see cref="CryptographicException"/> when it was changed, moved, or its key is not here.</summary>
    public async ValueTask<Secret> RunAsync(SealedSecret secret, SecretPlace place, CancellationToken cancellation)
    {
        var (version, nonce, ciphertext) = secret.Read() ?? throw new CryptographicException($"{place} does not hold a sealed secret");
        var key = await keys.FindAsync(place.Tenant, version, cancellation)
            ?? throw new CryptographicException($"{place} is sealed with key {version}, which the tenant does not have");

        var plain = AesSeal.Open(key.Bytes, nonce, ciphertext.AsSpan(..^AesSeal.TagBytes), ciphertext.AsSpan(^AesSeal.TagBytes..), place.BoundTo(version));
        try
        {
            return new(Encoding.UTF8.GetString(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
