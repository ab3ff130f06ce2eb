using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>
/// A sealed secret answers a challenge, so that it cannot be sent a second time. Challenges are stateless: a nonce and an expiry with
/// our mark on them; only used ones are recorded, on the owner's database, so that no two nodes take the same.
/// </summary>
internal sealed class Challenges(MasterKey master, OwnerDb db, TimeProvider time)
{
    /// <summary>From the offer of a key until the sealed secret must have come.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    private const int NonceBytes = 16;
    private const int ExpiryBytes = sizeof(long);
    private const int MarkBytes = HMACSHA256.HashSizeInBytes;

    /// <summary>Nodes' clocks differ: a used one is remembered for longer than any of them could still take it for good.</summary>
    public static readonly KeptFor Forgotten = new("used_challenges", TimeSpan.FromDays(1), """
        delete from used_challenges where challenge in (
          select challenge from used_challenges where expires_at < @before order by expires_at limit @AtOnce for update skip locked)
        """, IsOwners: true);

    private readonly byte[] markKey = master.Derive("mark challenges");

    public Challenge Issue(string tenant)
    {
        // Whole seconds, as the header's exp has them.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + GoodFor).ToUnixTimeSeconds());
        var bytes = new byte[NonceBytes + ExpiryBytes + MarkBytes];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(NonceBytes), expiresAt.ToUnixTimeSeconds());
        Mark(tenant, bytes).CopyTo(bytes, NonceBytes + ExpiryBytes);
        return new(CanonicalBase64Url.Encode(bytes), expiresAt);
    }

    /// <summary>Whether we issued it to this tenant and its time is not up; says nothing of whether it was used.</summary>
    public bool IsGood(string challenge, string tenant, DateTimeOffset expiresAt)
    {
        if (CanonicalBase64Url.TryDecode(challenge) is not { Length: NonceBytes + ExpiryBytes + MarkBytes } bytes) return false;
        return CryptographicOperations.FixedTimeEquals(Mark(tenant, bytes), bytes.AsSpan(NonceBytes + ExpiryBytes))
            && BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(NonceBytes)) == expiresAt.ToUnixTimeSeconds()
            && expiresAt > time.GetUtcNow();
    }

    /// <summary>Takes it, for whoever is first: one statement, so that of any number at once exactly one is told true.</summary>
    public async Task<bool> TryUseAsync(string challenge, DateTimeOffset expiresAt, CancellationToken cancellation) => await db.ExecuteAsync(
        "insert into used_challenges (challenge, expires_at) values (@challenge, @expiresAt) on conflict do nothing",
        new { challenge, expiresAt }, cancellation) is 1;

    private byte[] Mark(string tenant, ReadOnlySpan<byte> challenge) =>
        HMACSHA256.HashData(markKey, (byte[])[.. challenge[..(NonceBytes + ExpiryBytes)], .. Encoding.UTF8.GetBytes(tenant)]);
}

/// <summary>What a browser is given to answer.</summary>
internal sealed record Challenge(string Text, DateTimeOffset ExpiresAt);
