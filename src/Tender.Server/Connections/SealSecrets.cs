using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Secrets;

namespace Tender.Server.Connections;

/// <summary>Seals a connection's secrets, each for its own place, into the document that is stored.</summary>
internal sealed class SealSecrets(EncryptForStorage encrypt)
{
    public async Task<string> RunAsync(string tenant, string connectionId, IReadOnlyDictionary<string, Secret> secrets, CancellationToken cancellation)
    {
        var document = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, secret) in secrets)
        {
            document[field] = (await encrypt.RunAsync(secret, new(tenant, connectionId, field), cancellation)).Text;
        }

        return JsonSerializer.Serialize(document);
    }
}
