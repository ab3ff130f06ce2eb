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
        await links.CloseAsync(db, await PublishAsync(db, delivered.PaymentId!, cancellation), cancellation);
        return new DeliveryResult.Done();
    }

    /// <summary>Safe to repeat, from anywhere.</summary>
    public Task RunAsync(TenantDb db, string paymentId, CancellationToken cancellation) => PublishAsync(db, paymentId, cancellation);

    // Answers what of the same conversation is still open.
    private async Task<IReadOnlyList<string>> PublishAsync(TenantDb db, string paymentId, CancellationToken cancellation)
    {
        var found = await db.QuerySingleOrDefaultAsync<Row>($"""
            select k.key_id, k.user_id, k.mode, k.key_prefix, k.key_hash, k.created_at, k.revoked_at, array(select o.id {CloseLinks.OpenBeside}) as still_open
            from payments p left join key_reveals k on k.payment_id = p.id where p.id = @paymentId
            """, new { paymentId }, cancellation);
        // A second payment of a conversation has none.
        if (found?.KeyId is null) return found?.StillOpen ?? [];
        // A crash may forget it until its delivery is done, or the key was shown: both are noted in the tenant's database after this, and waited for.
        await owner.WriteAsync(OwnerDb.Before(db.Tenant.IsOnAnotherServer).Add("""
            insert into api_keys (id, tenant, mode, name, prefix, key_hash, user_id, created_by, created_at, revoked_at)
            values (@KeyId, @Tenant, @Mode, @Name, @KeyPrefix, @KeyHash, @UserId, @paymentId, @CreatedAt, @RevokedAt)
            on conflict (id) do nothing
            """, new { found.KeyId, Tenant = db.Tenant.Code, found.Mode, Name = KeyName, found.KeyPrefix, found.KeyHash, found.UserId, paymentId, found.CreatedAt, found.RevokedAt }), cancellation);
        if (found.RevokedAt is not null) await revoke.RunAsync(db.Tenant.Code, found.KeyId, "tender", cancellation);
        return found.StillOpen;
    }

    private sealed record Row(
        string? KeyId, string? UserId, string? Mode, string? KeyPrefix, byte[]? KeyHash, DateTimeOffset? CreatedAt, DateTimeOffset? RevokedAt, string[] StillOpen);
}
