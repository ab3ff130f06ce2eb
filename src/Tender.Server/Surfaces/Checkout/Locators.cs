using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>
/// A client secret and a provider's payment id are the provider's own words and name no tenant. This finds the session they
/// belong to, in the owner's database, by their hash. Concurrent requests share one commit.
/// </summary>
internal sealed class Locators(OwnerDb owner, TimeProvider time)
{
    // Refunds come for weeks after a session is over, disputes for 120 days and more.
    private static readonly TimeSpan KeptAfterExpiry = TimeSpan.FromDays(200);
    private readonly SharedWrites<Row[]> writes = new(rows => WriteAsync(owner, [.. rows.SelectMany(together => together)]));

    /// <summary>Before the session's answer is committed: a repeated answer makes no locator.</summary>
    public Task AddAsync(string sessionId, PayerAction action, string providerPaymentId, DateTimeOffset sessionExpiresAt, CancellationToken cancellation)
    {
        string[] words = action is PayerAction.Embed embed ? [embed.ClientSecret, providerPaymentId] : [providerPaymentId];
        return writes.AddAsync([.. words.Select(word => new Row(HashOf(word), sessionId, sessionExpiresAt + KeptAfterExpiry))]).WaitAsync(cancellation);
    }

    /// <summary>The session a word belongs to; null when there is none.</summary>
    public Task<string?> FindAsync(string word, CancellationToken cancellation) =>
        owner.QuerySingleOrDefaultAsync<string>("select subject_id from locators where word_hash = @Hash and expires_at > @Now",
            new { Hash = HashOf(word), Now = time.GetUtcNow() }, cancellation);

    private static Task<IReadOnlyList<ulong>> WriteAsync(OwnerDb owner, IReadOnlyList<Row> rows) => owner.WriteAsync(new Batch().Add("""
        insert into locators (word_hash, subject_id, expires_at)
        select * from unnest(@Hashes, @Subjects, @Expiries) on conflict do nothing
        """, new
    {
        Hashes = rows.Select(r => r.Hash).ToArray(),
        Subjects = rows.Select(r => r.SubjectId).ToArray(),
        Expiries = rows.Select(r => r.ExpiresAt).ToArray(),
    }), CancellationToken.None);

    private static byte[] HashOf(string word) => SHA256.HashData(Encoding.UTF8.GetBytes(word));

    private sealed record Row(byte[] Hash, string SubjectId, DateTimeOffset ExpiresAt);
}
