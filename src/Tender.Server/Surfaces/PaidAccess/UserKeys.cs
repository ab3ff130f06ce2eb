using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>The keys that a user bought: listed without the key, shown once, deleted.</summary>
internal sealed class UserKeys(OwnerDb owner, DecryptFromStorage decrypt, PublishKeys publish, RevokeApiKey revoke, TimeProvider time)
{
    private const string Select = "select key_id, payment_id, key_prefix, sealed_key, expires_at, revealed_at, revoked_at, revoked_why from key_reveals";

    /// <summary>Null before the first completed order.</summary>
    public async Task<IReadOnlyList<View>?> ListAsync(TenantDb db, Caller caller, CancellationToken cancellation)
    {
        var mode = caller.Mode.ToWord();
        var hasPaid = await db.QuerySingleOrDefaultAsync<bool>("""
            select exists (select from orders o join conversations c on c.id = o.conversation_id where o.user_id = @UserId and c.mode = @mode and o.status = 'completed')
            """, new { caller.UserId, mode }, cancellation);
        if (!hasPaid) return null;
        var made = await db.QueryAsync<Row>($"{Select} where user_id = @UserId and mode = @mode and revoked_at is null", new { caller.UserId, mode }, cancellation);
        var list = await CountingAsync(db, caller, cancellation);
        // Of one that was made this moment the owner's database may not have heard.
        var missing = made.Where(key => list.All(known => known.Id != key.KeyId)).ToList();
        foreach (var key in missing) await publish.RunAsync(db, key.PaymentId, cancellation);
        return missing.Count > 0 ? await CountingAsync(db, caller, cancellation) : list;
    }

    private Task<IReadOnlyList<View>> CountingAsync(TenantDb db, Caller caller, CancellationToken cancellation) => owner.QueryAsync<View>("""
        select id, prefix, name, created_at, last_used_at from api_keys
        where tenant = @Code and user_id = @UserId and mode = @Mode and revoked_at is null order by created_at desc, id desc
        """, new { db.Tenant.Code, caller.UserId, Mode = caller.Mode.ToWord() }, cancellation);

    /// <summary>By the key's id, for its user.</summary>
    public async Task<Outcome> RevealAsync(TenantDb db, string keyId, Caller caller, CancellationToken cancellation) =>
        await ShowAsync(db, await FindAsync(db, "key_id = @keyId and user_id = @UserId and mode = @Mode", new { keyId, caller.UserId, Mode = caller.Mode.ToWord() }, cancellation), caller.Actor, cancellation);

    /// <summary>By the payment, for whoever holds the signed address of its page.</summary>
    public async Task<Outcome> RevealOfAsync(TenantDb db, string paymentId, CancellationToken cancellation) =>
        await ShowAsync(db, await OfAsync(db, paymentId, cancellation), $"payer:{paymentId}", cancellation);

    /// <summary>What is known of the key of a payment.</summary>
    public static Task<Row?> OfAsync(TenantDb db, string paymentId, CancellationToken cancellation) => FindAsync(db, "payment_id = @paymentId", new { paymentId }, cancellation);

    /// <summary>Ends it, everywhere at once; false when the user has no such key.</summary>
    public async Task<bool> DeleteAsync(TenantDb db, string keyId, Caller caller, CancellationToken cancellation)
    {
        var isOwn = await owner.QuerySingleOrDefaultAsync<bool>("""
            select exists (select from api_keys where id = @keyId and tenant = @Code and user_id = @UserId and mode = @Mode and revoked_at is null)
            """, new { keyId, db.Tenant.Code, caller.UserId, Mode = caller.Mode.ToWord() }, cancellation);
        if (!isOwn) return false;
        // First what was not shown yet: nobody must be shown a key that is gone.
        await EraseAsync(db, keyId);
        return await revoke.RunAsync(db.Tenant.Code, keyId, caller.Actor, cancellation) is RevokeApiKey.Outcome.Ended;
    }

    private async Task<Outcome> ShowAsync(TenantDb db, Row? found, string actor, CancellationToken cancellation)
    {
        if (found is null) return new Outcome.NotFound();
        var now = time.GetUtcNow();
        if (found.SealedKey is not { } closed || found.ExpiresAt <= now) return new Outcome.Gone(found);

        // Opened, and made to count, before it is spent: what fails until then loses nothing.
        var text = (await decrypt.RunAsync(new(closed), IssueKey.PlaceOf(db.Tenant.Code, found.KeyId), cancellation)).Reveal();
        await publish.RunAsync(db, found.PaymentId, cancellation);
        // A member of the tenant may have revoked it before anybody looked.
        if (!await CountsAsync(found.KeyId, cancellation))
        {
            await EraseAsync(db, found.KeyId);
            return new Outcome.Gone((await OfAsync(db, found.PaymentId, cancellation))!);
        }

        try
        {
            await db.WriteAsync(new Batch()
                .AddSpending("update key_reveals set sealed_key = null, revealed_at = @now where key_id = @KeyId and sealed_key = @closed", new { now, found.KeyId, closed })
                .AddAudit(actor, "api_key.revealed", found.KeyId), CancellationToken.None);
        }
        catch (PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.Gone((await OfAsync(db, found.PaymentId, cancellation))!);
        }

        return new Outcome.Shown(found.KeyId, text);
    }

    private Task<bool> CountsAsync(string keyId, CancellationToken cancellation) =>
        owner.QuerySingleOrDefaultAsync<bool>("select exists (select from api_keys where id = @keyId and revoked_at is null)", new { keyId }, cancellation);

    private Task EraseAsync(TenantDb db, string keyId) => db.ExecuteAsync(
        "update key_reveals set revoked_at = @Now, sealed_key = null where key_id = @keyId and revoked_at is null", new { keyId, Now = time.GetUtcNow() }, CancellationToken.None);

    private static Task<Row?> FindAsync(TenantDb db, string where, object values, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<Row>($"{Select} where {where}", values, cancellation);

    internal sealed record Row(string KeyId, string PaymentId, string KeyPrefix, string? SealedKey, DateTimeOffset ExpiresAt, DateTimeOffset? RevealedAt, DateTimeOffset? RevokedAt, string? RevokedWhy)
    {
        public override string ToString() => KeyId;
    }

    /// <param name="Prefix">Its first characters: enough to tell it from the others.</param>
    public sealed record View(string Id, string Prefix, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <summary>The only time the key is seen.</summary>
        public sealed record Shown(string Id, string Key) : Outcome
        {
            public override string ToString() => $"{Id} (secret)";
        }

        public sealed record NotFound : Outcome;

        /// <summary>It was shown, revoked, or nobody looked in time.</summary>
        public sealed record Gone(Row Key) : Outcome;
    }
}
