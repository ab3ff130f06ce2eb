using System.Text.Json;
using Tender.Server.Tenancy;

namespace Tender.Server.Hosting;

/// <summary>
/// One POST with an Idempotency-Key. The use case claims the key in the batch that makes the effect, so key and effect exist
/// together or not at all; the answer is stored with the effect's last batch, or when the request ends.
/// </summary>
internal sealed class IdempotentCall(string call, string key, byte[] bodyHash, string? resumes, TimeProvider time)
{
    /// <summary>Longer than any provider call may take: a twin that comes earlier is told to wait.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromSeconds(30);

    /// <summary>Which call it is: keys of different calls have nothing to do with each other.</summary>
    public string Name => call;

    public string Key => key;

    /// <summary>What a cut-off first try had made; the use case goes on with it instead of making another.</summary>
    public string? Resumes => resumes;

    /// <summary>True once the key is bound to an effect.</summary>
    public bool IsClaimed { get; private set; } = resumes is not null;

    /// <summary>True once the answer is stored.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Adds the claim; a twin that was faster makes the whole batch fail on the primary key.</summary>
    public void Claim(Batch batch, string subjectId)
    {
        var now = time.GetUtcNow();
        batch.Add("""
            insert into idempotency_keys (call, key, body_hash, subject_id, locked_until, created_at)
            values (@call, @key, @bodyHash, @subjectId, @Until, @now)
            """, new { call, key, bodyHash, subjectId, Until = now + Lock, now });
        IsClaimed = true;
    }

    /// <summary>Adds claim and answer at once, for an effect that one batch completes.</summary>
    public void ClaimAnswered(Batch batch, string subjectId, int status, object answer)
    {
        batch.Add("""
            insert into idempotency_keys (call, key, body_hash, subject_id, status, answer, created_at)
            values (@call, @key, @bodyHash, @subjectId, @status, @Answer::jsonb, @Now)
            """, new { call, key, bodyHash, subjectId, status, Answer = JsonSerializer.Serialize(answer, Json.Options), Now = time.GetUtcNow() });
        IsClaimed = IsAnswered = true;
    }

    /// <summary>Adds the answer to the batch that completes the effect.</summary>
    public void Answer(Batch batch, int status, object answer)
    {
        batch.Add("update idempotency_keys set status = @status, answer = @Answer::jsonb, locked_until = null where call = @call and key = @key",
            new { call, key, status, Answer = JsonSerializer.Serialize(answer, Json.Options) });
        IsAnswered = true;
    }

    /// <summary>Lets the next try go on where this one broke off, at once. It goes the claim's own way, so that it comes after one that is still being written.</summary>
    public Task UnlockAsync(TenantDb db, CancellationToken cancellation) =>
        // The alias keeps it out of what may be reordered: a claim before it stays before it.
        db.WriteSharedAsync(new Batch().Add("update idempotency_keys k set locked_until = null where k.call = @call and k.key = @key and k.status is null", new { call, key }), cancellation);

    /// <summary>Frees the key after a failure that left no effect, so that the same key can be tried again.</summary>
    public Task ReleaseAsync(TenantDb db, CancellationToken cancellation) =>
        db.ExecuteAsync("delete from idempotency_keys where call = @call and key = @key and status is null", new { call, key }, cancellation);
}
