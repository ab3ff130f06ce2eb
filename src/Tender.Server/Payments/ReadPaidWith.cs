using Tender.Domain.Payments;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>The name of the provider that a payment came through, for papers.</summary>
internal sealed class ReadPaidWith(AllProviders providers, ReadConnections connections)
{
    public async Task<string> RunAsync(TenantDb db, StoredPayment paid, CancellationToken cancellation)
    {
        var by = paid.Payment.Attempts.Last(a => a.Status is AttemptStatus.Succeeded);
        // A connection may be gone by now; its attempts know what it was.
        var provider = (await connections.FindAsync(db, by.ConnectionId, cancellation))?.Provider
            ?? await db.QuerySingleOrDefaultAsync<string>("select provider from attempts where id = @Id", new { by.Id }, cancellation);
        return providers.NameOf(provider!);
    }
}
