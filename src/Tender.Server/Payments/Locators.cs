using System.Security.Cryptography;
using System.Text;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// A provider's payment id and a client secret are the provider's own words and name no tenant. This finds what they belong to,
/// in the owner's database, by their hash. Concurrent requests share one commit.
/// </summary>
internal sealed class Locators(OwnerDb owner, TimeProvider time)
{
    // Refunds come for weeks after a payment is over, disputes for 120 days and more.
    private static readonly TimeSpan KeptAfterExpiry = TimeSpan.FromDays(200);

    /// <summary>When they are over; their own time says it.</summary>
    public static readonly KeptFor Forgotten = new("locators", TimeSpan.Zero, """
        delete from locators where word_hash in (
          select word_hash from locators where expires_at < @before order by expires_at limit @AtOnce for update skip locked)
        """, IsOwners: true);

    private readonly SharedWrites<Row[]> writes = new(rows => WriteAsync(owner, [.. rows.SelectMany(together => together)]));

    /// <summary>Before the change is committed: what is repeated after a crash learns nothing new, and would make no locator.</summary>
    /// <param name="clientSecret">What a payer's browser proves itself with; it finds the surface's own record.</param>
    public Task AddAsync(Tenant tenant, StoredPayment before, StoredPayment after, string? clientSecret, CancellationToken cancellation)
    {
        var expiresAt = after.Terms.ExpiresAt + KeptAfterExpiry;
        var rows = after.Payment.Attempts.Select(a => a.ProviderPaymentId).Except(before.Payment.Attempts.Select(a => a.ProviderPaymentId))
            .OfType<string>().Select(id => new Row(HashOf(id), after.Id, expiresAt, tenant.IsOnAnotherServer)).ToList();
        if (clientSecret is not null) rows.Add(new(HashOf(clientSecret), after.Terms.PurposeId ?? after.Id, expiresAt, tenant.IsOnAnotherServer));
        return rows.Count is 0 ? Task.CompletedTask : writes.AddAsync([.. rows], cancellation);
    }

    /// <summary>The id of ours that a word belongs to: a payment, or what its surface made of it; null when there is none.</summary>
    public Task<string?> FindAsync(string word, CancellationToken cancellation) =>
        owner.QuerySingleOrDefaultAsync<string>("select subject_id from locators where word_hash = @Hash and expires_at > @Now",
            new { Hash = HashOf(word), Now = time.GetUtcNow() }, cancellation);

    // The change that a locator belongs to commits after it and is waited for: nothing is answered before both are there.
    private static Task WriteAsync(OwnerDb owner, IReadOnlyList<Row> rows) => owner.WriteTogetherAsync([OwnerDb.Before(rows.Any(r => r.IsOnAnotherServer))
        .Add("""
            insert into locators (word_hash, subject_id, expires_at)
            select * from unnest(@Hashes, @Subjects, @Expiries) on conflict do nothing
            """, new
        {
            Hashes = rows.Select(r => r.Hash).ToArray(),
            Subjects = rows.Select(r => r.SubjectId).ToArray(),
            Expiries = rows.Select(r => r.ExpiresAt).ToArray(),
        })]);

    private static byte[] HashOf(string word) => SHA256.HashData(Encoding.UTF8.GetBytes(word));

    private sealed record Row(byte[] Hash, string SubjectId, DateTimeOffset ExpiresAt, bool IsOnAnotherServer);
}
