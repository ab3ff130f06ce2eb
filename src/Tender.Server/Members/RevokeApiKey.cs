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
        var revoked = await owner.QuerySingleOrDefaultAsync<Revoked>("""
            update api_keys set revoked_at = @Now where id = @keyId and tenant is not distinct from @tenantCode and revoked_at is null
            returning key_hash, name
            """, new { keyId, tenantCode, Now = time.GetUtcNow() }, cancellation);
        if (revoked is null) return await ExistsAsync(tenantCode, keyId, cancellation) ? new Outcome.WasRevoked() : new Outcome.NotFound();

        known.Forget(KeyHash.Read(revoked.KeyHash));
        await owner.WriteAsync(new Batch().AddAudit(revokedBy, "api_key.revoked", keyId, new { Tenant = tenantCode }), cancellation);
        if (tenantCode is not null && await tenants.FindAsync(tenantCode, cancellation) is { } db)
            await db.WriteAsync(new Batch().AddAudit(revokedBy, "api_key.revoked", keyId, new { revoked.Name }), cancellation);
        return new Outcome.Ended();
    }

    private async Task<bool> ExistsAsync(string? tenantCode, string keyId, CancellationToken cancellation) =>
        await owner.QuerySingleOrDefaultAsync<string>("select id from api_keys where id = @keyId and tenant is not distinct from @tenantCode", new { keyId, tenantCode }, cancellation) is not null;

    private sealed record Revoked(byte[] KeyHash, string Name);

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
