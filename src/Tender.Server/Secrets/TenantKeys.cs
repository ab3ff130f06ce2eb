using System.Collections.Concurrent;
using System.Security.Cryptography;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>Each tenant's own keys, wrapped by the master key; the highest version seals, every version opens.</summary>
internal sealed class TenantKeys(OwnerDb db, MasterKey master, TimeProvider time)
{
    // How long another node may go on sealing with the version before; what it seals meanwhile is sealed anew later.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Ring> rings = new(StringComparer.Ordinal);

    /// <summary>The key that seals now; a tenant's first is made when it is first needed.</summary>
    public async ValueTask<TenantKey> CurrentAsync(string tenant, CancellationToken cancellation)
    {
        if (rings.TryGetValue(tenant, out var ring) && ring.LoadedAt + Fresh > time.GetUtcNow()) return ring.Current!;
        if ((await LoadAsync(tenant, cancellation)).Current is { } stored) return stored;
        await AddAsync(tenant, version: 1, cancellation);
        return (await LoadAsync(tenant, cancellation)).Current!;
    }

    /// <summary>One version; null when the tenant has no such key.</summary>
    public async ValueTask<TenantKey?> FindAsync(string tenant, int version, CancellationToken cancellation)
    {
        if (rings.TryGetValue(tenant, out var known) && known.Keys.TryGetValue(version, out var key)) return key;
        // Another node may have turned the key since we looked.
        return (await LoadAsync(tenant, cancellation)).Keys.GetValueOrDefault(version);
    }

    /// <summary>The version that seals now, when it is not the tenant's first: there may be secrets that an older one sealed.</summary>
    public async ValueTask<int?> TurnedToAsync(string tenant, CancellationToken cancellation)
    {
        if (!rings.TryGetValue(tenant, out var ring) || ring.LoadedAt + Fresh <= time.GetUtcNow()) ring = await LoadAsync(tenant, cancellation);
        return ring.Current is { Version: > 1 } turned ? turned.Version : null;
    }

    /// <summary>Makes the next version; new secrets are sealed with it from now on. Answers that version.</summary>
    public async Task<int> RotateAsync(string tenant, CancellationToken cancellation)
    {
        var next = (await CurrentAsync(tenant, cancellation)).Version + 1;
        await AddAsync(tenant, next, cancellation);
        return (await LoadAsync(tenant, cancellation)).Current!.Version;
    }

    // Two nodes at once make one key: whose insert comes first, both then load.
    private Task<int> AddAsync(string tenant, int version, CancellationToken cancellation) => db.ExecuteAsync("""
        insert into tenant_keys (tenant, version, wrapped) values (@tenant, @version, @wrapped) on conflict do nothing
        """, new { tenant, version, wrapped = master.Wrap(RandomNumberGenerator.GetBytes(MasterKey.Bytes), Purpose(tenant, version)) }, cancellation);

    private async Task<Ring> LoadAsync(string tenant, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<Row>(
            "select version, wrapped from tenant_keys where tenant = @tenant", new { tenant }, cancellation);
        var ring = new Ring(
            rows.ToDictionary(row => row.Version, row => new TenantKey(row.Version, master.Unwrap(row.Wrapped, Purpose(tenant, row.Version)))),
            time.GetUtcNow());
        if (ring.Keys.Count > 0) rings[tenant] = ring;
        return ring;
    }

    private static string Purpose(string tenant, int version) => $"tenant key/{tenant}/{version}";

    private sealed record Row(int Version, byte[] Wrapped);

    private sealed record Ring(IReadOnlyDictionary<int, TenantKey> Keys, DateTimeOffset LoadedAt)
    {
        public TenantKey? Current { get; } = Keys.Values.MaxBy(key => key.Version);
    }
}

/// <summary>One version of a tenant's key.</summary>
internal sealed record TenantKey(int Version, byte[] Bytes)
{
    public override string ToString() => $"(key {Version})";
}
