using System.Security.Cryptography;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>The key pairs that browsers seal for (P-256), wrapped by the master key. The youngest is offered; each opens until it retires.</summary>
internal sealed class EncryptionKeys(OwnerDb db, MasterKey master, Ids ids, TimeProvider time)
{
    private static readonly TimeSpan OfferedFor = TimeSpan.FromDays(30);

    // A page that was given the old key may still seal with it while its challenge is good.
    private static readonly TimeSpan Overlap = 6 * Challenges.GoodFor;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private volatile Loaded loaded = new([], DateTimeOffset.MinValue);

    /// <summary>The pair to offer; the first is made when it is first needed.</summary>
    public async ValueTask<KeyPair> CurrentAsync(CancellationToken cancellation)
    {
        if (Youngest(loaded) is { } known && loaded.At + Fresh > time.GetUtcNow()) return known;
        if (Youngest(await LoadAsync(cancellation)) is { } stored) return stored;
        return await RotateAsync(cancellation);
    }

    /// <summary>A pair that has not retired; null otherwise. Ask only for what a genuine challenge came with: it may cost a query.</summary>
    public async ValueTask<KeyPair?> FindAsync(string kid, CancellationToken cancellation)
    {
        var pair = loaded.Find(kid) ?? (await LoadAsync(cancellation)).Find(kid);
        return pair?.RetiresAt > time.GetUtcNow() ? pair : null;
    }

    /// <summary>Makes a new pair and offers it at once; the others retire soon.</summary>
    public async Task<KeyPair> RotateAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var pair = KeyPair.New(ids.NewForOwner("ek"), now, now + OfferedFor + Overlap);
        await db.WriteAsync(new Batch()
            .Add("update encryption_keys set retires_at = least(retires_at, @Retire)", new { Retire = now + Overlap })
            .Add("""
                insert into encryption_keys (kid, public_x, public_y, wrapped_private, created_at, retires_at)
                values (@Kid, @X, @Y, @Wrapped, @CreatedAt, @RetiresAt)
                """, new
            {
                pair.Kid,
                X = CanonicalBase64Url.Encode(pair.X),
                Y = CanonicalBase64Url.Encode(pair.Y),
                Wrapped = master.Wrap(pair.D, Purpose(pair.Kid)),
                pair.CreatedAt,
                pair.RetiresAt,
            }), cancellation);
        await LoadAsync(cancellation);
        return pair;
    }

    /// <summary>The schedule: a new pair when the offered one is old, and retired ones are gone for good. Two nodes at once merely make two.</summary>
    public async Task RotateWhenDueAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if ((await CurrentAsync(cancellation)).CreatedAt + OfferedFor <= now) await RotateAsync(cancellation);
        await db.ExecuteAsync("delete from encryption_keys where retires_at < @now", new { now }, cancellation);
    }

    private async Task<Loaded> LoadAsync(CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<Row>(
            "select kid, public_x, public_y, wrapped_private, created_at, retires_at from encryption_keys order by created_at desc, kid desc", null, cancellation);
        return loaded = new([.. rows.Select(Unwrap)], time.GetUtcNow());
    }

    private KeyPair? Youngest(Loaded all) => all.Pairs.FirstOrDefault(pair => pair.RetiresAt - Overlap > time.GetUtcNow());

    private KeyPair Unwrap(Row row) => new(
        row.Kid, CanonicalBase64Url.TryDecode(row.PublicX)!, CanonicalBase64Url.TryDecode(row.PublicY)!,
        master.Unwrap(row.WrappedPrivate, Purpose(row.Kid)), row.CreatedAt, row.RetiresAt);

    private static string Purpose(string kid) => $"encryption key/{kid}";

    private sealed record Row(string Kid, string PublicX, string PublicY, byte[] WrappedPrivate, DateTimeOffset CreatedAt, DateTimeOffset RetiresAt);

    private sealed record Loaded(IReadOnlyList<KeyPair> Pairs, DateTimeOffset At)
    {
        public KeyPair? Find(string kid) => Pairs.FirstOrDefault(pair => pair.Kid == kid);
    }
}

/// <summary>One P-256 pair.</summary>
internal sealed record KeyPair(string Kid, byte[] X, byte[] Y, byte[] D, DateTimeOffset CreatedAt, DateTimeOffset RetiresAt)
{
    public static KeyPair New(string kid, DateTimeOffset createdAt, DateTimeOffset retiresAt)
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = pair.ExportParameters(includePrivateParameters: true);
        return new(kid, key.Q.X!, key.Q.Y!, key.D!, createdAt, retiresAt);
    }

    public override string ToString() => $"(key {Kid})";
}
