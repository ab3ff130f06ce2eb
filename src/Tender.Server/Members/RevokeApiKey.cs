using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Ends a key. When this answers, no request with it is served here any more; the other nodes hear of it within milliseconds.</summary>
internal sealed class RevokeApiKey(OwnerDb owner, TenantDatabases tenants, KnownKeys known, TimeProvider time)
{
    /// <param name="tenantCode">Whose key it must be; null for the owner's.</param>
    public async Task<Outcome> RunAsync(string? tenantCode, string keyId, string revokedBy, CancellationToken cancellation)
    {
        if (Ids.TenantOf(keyId) != tenantCode) return new Outcome.NotFound();
        var key = await owner.QuerySingleOrDefaultAsync<Found>(
            "select key_hash, name from api_keys where id = @keyId and tenant is not distinct from @tenantCode", new { keyId, tenantCode }, cancellation);
        if (key is null) return new Outcome.NotFound();
        try
        {
            await owner.WriteAsync(new Batch()
                .AddSpending("update api_keys set revoked_at = @Now where id = @keyId and revoked_at is null", new { keyId, Now = time.GetUtcNow() })
                .AddAudit(revokedBy, "api_key.revoked", keyId, new { Tenant = tenantCode }), cancellation);
        }
        catch (PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.WasRevoked();
        }

        known.Forget(KeyHash.Read(key.KeyHash));
        // The tenant's own audit lies in another database, and says it too; also when the caller hung up, for a repeat finds nothing left to do.
        if (tenantCode is not null && await tenants.FindAsync(tenantCode, CancellationToken.None) is { } db)
            await db.WriteAsync(new Batch()
                // One that a user bought is told as revoked from now on, and shown to nobody.
                .Add("update key_reveals set revoked_at = @Now, revoked_why = 'revoked', sealed_key = null where key_id = @keyId and revoked_at is null", new { keyId, Now = time.GetUtcNow() })
                .AddAudit(revokedBy, "api_key.revoked", keyId, new { key.Name }), CancellationToken.None);
        return new Outcome.Ended();
    }

    private sealed record Found(byte[] KeyHash, string Name);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Ended : Outcome;

        public sealed record WasRevoked : Outcome;

        public sealed record NotFound : Outcome;
    }
}
