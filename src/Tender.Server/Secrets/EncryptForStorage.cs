using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.Server.Secrets;

/// <summary>Seals a secret for the place where it will be stored.</summary>
internal sealed class EncryptForStorage(TenantKeys keys)
{
    public async ValueTask<SealedSecret> RunAsync(Secret secret, SecretPlace place, CancellationToken cancellation)
    {
        var key = await keys.CurrentAsync(place.Tenant, cancellation);
        var plain = Encoding.UTF8.GetBytes(secret.Reveal());
        try
        {
            return SealedSecret.From(key.Version, AesSeal.Close(key.Bytes, plain, place.BoundTo(key.Version)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
