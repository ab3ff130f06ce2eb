using System.Collections.Concurrent;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>
/// The API keys in use, remembered for seconds: a request with a known key costs no round trip. Many who ask at once load
/// once. What is forgotten while it loads is not remembered.
/// </summary>
internal sealed class KnownKeys(OwnerDb owner, TimeProvider time)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);

    /// <summary>Wrong keys are remembered too, so that whoever tries many must not fill the memory.</summary>
    private const int KnownMax = 20_000;

    private readonly ConcurrentDictionary<KeyHash, Entry> known = new();
    private readonly ConcurrentDictionary<string, long> used = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Id, DateOnly Day), long> uses = new();

    /// <summary>The key; null when it was never made, is revoked, or is no key at all.</summary>
    public ValueTask<ApiKey?> FindAsync(ReadOnlySpan<char> text, CancellationToken cancellation)
    {
        if (ApiKey.HashOf(text) is not { } hash) return ValueTask.FromResult<ApiKey?>(null);
        var now = time.GetUtcNow();
        if (!known.TryGetValue(hash, out var entry) || now - entry.At >= KnownFor) entry = Renew(hash, now);

        var loading = entry.Loading.Value;
        return loading.IsCompletedSuccessfully ? new(Noted(loading.GetAwaiter().GetResult(), now)) : new(WaitAsync(hash, entry, cancellation));
    }

    /// <summary>From now on it is looked up again.</summary>
    public void Forget(KeyHash hash) => known.TryRemove(hash, out _);

    /// <summary>Takes the hash as the notice of the owner's database spells it: \x and hexadecimal.</summary>
    public void Forget(string noticed)
    {
        Span<byte> hash = stackalloc byte[KeyHash.Bytes];
        if (Convert.FromHexString(noticed.AsSpan(2), hash, out _, out var written) is System.Buffers.OperationStatus.Done && written is KeyHash.Bytes) Forget(KeyHash.Read(hash));
    }

    public void ForgetAll() => known.Clear();

    /// <summary>Writes when keys were last used, and how often on each day.</summary>
    public async Task WriteUseAsync(CancellationToken cancellation)
    {
        var (noted, counted) = (used.ToArray(), TakeCounts());
        if (noted.Length is 0 && counted.Count is 0) return;
        try
        {
            await owner.WriteAsync(new Batch()
                .Add("""
                    update api_keys k set last_used_at = greatest(k.last_used_at, u.at)
                    from unnest(@Ids, @Times) u (id, at) where k.id = u.id
                    """, new { Ids = noted.Select(one => one.Key).ToArray(), Times = noted.Select(one => new DateTimeOffset(one.Value, TimeSpan.Zero)).ToArray() })
                .Add("""
                    insert into key_usage (key_id, day, count)
                    select u.id, u.day, u.count from unnest(@Ids, @Days, @Counts) u (id, day, count) where exists (select from api_keys k where k.id = u.id)
                    on conflict (key_id, day) do update set count = key_usage.count + excluded.count
                    """, new { Ids = counted.Select(one => one.Key.Id).ToArray(), Days = counted.Select(one => one.Key.Day).ToArray(), Counts = counted.Select(one => one.Value).ToArray() }), cancellation);
        }
        catch
        {
            foreach (var ((id, day), count) in counted) Count(id, day, count);
            throw;
        }

        // What was used again meanwhile stays for the next time.
        foreach (var one in noted) used.TryRemove(one);
    }

    private List<KeyValuePair<(string Id, DateOnly Day), long>> TakeCounts()
    {
        var taken = new List<KeyValuePair<(string, DateOnly), long>>();
        foreach (var use in uses.Keys)
        {
            if (uses.TryRemove(use, out var count)) taken.Add(new(use, count));
        }

        return taken;
    }

    private void Count(string id, DateOnly day, long count) => uses.AddOrUpdate((id, day), static (_, more) => more, static (_, so, more) => so + more, count);

    private ApiKey? Noted(ApiKey? key, DateTimeOffset now)
    {
        if (key is null) return null;
        Count(key.Id, DateOnly.FromDateTime(now.UtcDateTime), 1);
        if (key.IsWorthNoting(now)) used[key.Id] = now.UtcTicks;
        return key;
    }

    private async Task<ApiKey?> WaitAsync(KeyHash hash, Entry entry, CancellationToken cancellation)
    {
        try
        {
            return Noted(await entry.Loading.Value.WaitAsync(cancellation), time.GetUtcNow());
        }
        catch when (entry.Loading.Value is { IsFaulted: true } or { IsCanceled: true })
        {
            // A database that was down is not remembered as an answer.
            known.TryRemove(new(hash, entry));
            throw;
        }
    }

    private Entry Renew(KeyHash hash, DateTimeOffset now)
    {
        if (known.Count >= KnownMax) known.Clear();
        var mine = new Entry(new(() => LoadAsync(hash)), now);
        // Whoever comes second takes what the first one loads.
        return known.AddOrUpdate(hash, mine, (_, other) => now - other.At >= KnownFor ? mine : other);
    }

    // It serves all who wait for it, so it is not cancelled with one of them.
    private async Task<ApiKey?> LoadAsync(KeyHash hash)
    {
        var row = await owner.QuerySingleOrDefaultAsync<Row>("""
            select id, tenant, mode, user_id, scopes from api_keys where key_hash = @Hash and revoked_at is null
            """, new { Hash = hash.ToArray() }, CancellationToken.None);
        return row is null ? null : new(row.Id, row.Tenant, Words.Parse<Mode>(row.Mode), row.UserId, row.Scopes);
    }

    private sealed record Entry(Lazy<Task<ApiKey?>> Loading, DateTimeOffset At);

    private sealed record Row(string Id, string? Tenant, string Mode, string? UserId, string[] Scopes);
}
