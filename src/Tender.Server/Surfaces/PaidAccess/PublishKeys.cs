using Tender.Server.Events;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>
/// Makes the owner's database agree with a tenant's about one sold key: it counts from its order on, and no longer once the money went back. Then
/// closes what of the same conversation could still be paid.
/// </summary>
internal sealed class PublishKeys(OwnerDb owner, RevokeApiKey revoke, CloseLinks links) : IConsumeEvents
{
    public const string Name = "api_keys";

    /// <summary>As the first of the sources calls it.</summary>
    public const string KeyName = "Auto-generated from payment";

    public string Consumer => Name;

    public async Task<DeliveryResult> HandleAsync(TenantDb db, DeliveredEvent delivered, CancellationToken cancellation)
    {
        await RunAsync(db, delivered.PaymentId!, cancellation);
        await links.AllButAsync(db, delivered.PaymentId!, cancellation);
        return new DeliveryResult.Done();
    }

    /// <summary>Safe to repeat, from anywhere.</summary>
    public async Task RunAsync(TenantDb db, string paymentId, CancellationToken cancellation)
    {
        if (await db.QuerySingleOrDefaultAsync<Row>("select key_id, user_id, mode, key_prefix, key_hash, created_at, revoked_at from key_reveals where payment_id = @paymentId", new { paymentId }, cancellation) is not { } key) return;
        await owner.WriteSharedAsync(new Batch().Add("""
            insert into api_keys (id, tenant, mode, name, prefix, key_hash, user_id, created_by, created_at, revoked_at)
            values (@KeyId, @Tenant, @Mode, @Name, @KeyPrefix, @KeyHash, @UserId, @paymentId, @CreatedAt, @RevokedAt)
            on conflict (id) do nothing
            """, new { key.KeyId, Tenant = db.Tenant.Code, key.Mode, Name = KeyName, key.KeyPrefix, key.KeyHash, key.UserId, paymentId, key.CreatedAt, key.RevokedAt }), cancellation);
        if (key.RevokedAt is not null) await revoke.RunAsync(db.Tenant.Code, key.KeyId, "tender", cancellation);
    }

    private sealed record Row(string KeyId, string UserId, string Mode, string KeyPrefix, byte[] KeyHash, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
}
