using System.Text.Json;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>
/// Makes an order's API key in the settlement: one for an order, sealed until its payer has seen it. Keys are looked up in the owner's database;
/// <see cref="PublishKeys"/> brings it there, and its end too.
/// </summary>
internal sealed class IssueKey(EncryptForStorage encrypt, EventLog log, Ids ids)
{
    /// <summary>How long the payer has to look at it.</summary>
    public static readonly TimeSpan ShownFor = TimeSpan.FromHours(24);

    /// <summary>What is erased when nobody looked.</summary>
    public static readonly KeptFor Forgotten = new("key_reveals", TimeSpan.Zero, """
        update key_reveals set sealed_key = null where key_id in (
          select key_id from key_reveals where sealed_key is not null and expires_at < @before order by expires_at limit @AtOnce for update skip locked)
        """);

    public static SecretPlace PlaceOf(string tenantCode, string keyId) => new(tenantCode, keyId, "key");

    public async Task AddAsync(Batch batch, TenantDb db, StoredPayment paid, string userId, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = ids.New("key", db.Tenant.Code);
        var (text, prefix, hash) = ApiKey.New();
        var sealedKey = await encrypt.RunAsync(new(text), PlaceOf(db.Tenant.Code, id), cancellation);
        batch.Add("""
            insert into key_reveals (key_id, order_id, payment_id, user_id, mode, key_prefix, key_hash, sealed_key, expires_at, created_at)
            select @id, o.id, o.payment_id, o.user_id, @Mode, @prefix, @Hash, @Sealed, @ExpiresAt, @now from orders o where o.payment_id = @PaymentId
            on conflict (payment_id) do nothing
            """, new { id, PaymentId = paid.Id, Mode = paid.Terms.Mode.ToWord(), prefix, Hash = hash.ToArray(), Sealed = sealedKey.Text, ExpiresAt = now + ShownFor, now });
        log.Append(batch, "api_key.issued", id, paid.Id, now, JsonSerializer.Serialize(new { key = id, prefix, user = userId }, Json.Options), null, PublishKeys.Name);
    }

    /// <param name="why">refunded or disputed.</param>
    public void AddRevoked(Batch batch, StoredPayment payment, string why, DateTimeOffset now)
    {
        batch.Add("update key_reveals set revoked_at = @now, revoked_why = @why, sealed_key = null where payment_id = @Id and revoked_at is null", new { payment.Id, why, now });
        log.Append(batch, "api_key.revoked", payment.Id, payment.Id, now, JsonSerializer.Serialize(new { why }, Json.Options), null, PublishKeys.Name);
    }
}
