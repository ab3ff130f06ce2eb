using Tender.Domain.Payments;
using Tender.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>The name of the provider that a payment came through, for papers.</summary>
internal sealed class ReadPaidWith(AllProviders providers)
{
    public async Task<string> RunAsync(TenantDb db, StoredPayment paid, CancellationToken cancellation)
    {
        var by = paid.Payment.Attempts.Last(a => a.Status is AttemptStatus.Succeeded);
        return providers.NameOf((await db.QuerySingleOrDefaultAsync<string>("select provider from attempts where id = @Id", new { by.Id }, cancellation))!);
    }
}
