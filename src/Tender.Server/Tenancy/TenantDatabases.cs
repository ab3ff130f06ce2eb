using System.Collections.Concurrent;
using Tender.Server.Hosting;

namespace Tender.Server.Tenancy;

/// <summary>
/// Finds a tenant's database by code or by any id. What was found is known for seconds and may be kept for longer: a
/// <see cref="TenantDb"/> works for as long as its tenant is there, whether its pool was closed meanwhile or not.
/// </summary>
internal sealed class TenantDatabases(OwnerDb owner, DatabaseServer server, WorkSignal signal, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(10);
    private const int UnknownMax = 10_000;

    private readonly Pools pools = new(server, time);
    private readonly Recent<TenantDb?> known = new(KnownFor, time);
    private readonly ConcurrentDictionary<string, DateTimeOffset> unknown = new(StringComparer.Ordinal);
    private int changes;

    /// <summary>What the pools hold now; see <see cref="Pools.Count"/>.</summary>
    public (int Pools, int Connections) Open => pools.Count;

    /// <summary>The database that an id says it lives in; null, without any query, when it is no id of ours.</summary>
    public ValueTask<TenantDb?> ForIdAsync(string? id, CancellationToken cancellation) =>
        Ids.TenantOf(id) is { } code ? FindAsync(code, cancellation) : ValueTask.FromResult<TenantDb?>(null);

    /// <summary>A ready tenant's database; null when there is none.</summary>
    public async ValueTask<TenantDb?> FindAsync(string code, CancellationToken cancellation)
    {
        if (unknown.TryGetValue(code, out var until) && until > time.GetUtcNow()) return null;
        var before = Volatile.Read(ref changes);
        if (await known.GetAsync(code, () => LoadAsync(code), cancellation) is { } db) return db;

        // Codes that anybody can make up are kept in a place of bounded size; one that was made meanwhile is not kept.
        known.Forget(code);
        if (unknown.Count >= UnknownMax) unknown.Clear();
        if (before == Volatile.Read(ref changes)) unknown[code] = time.GetUtcNow() + KnownFor;
        return null;
    }

    public Task<IReadOnlyList<Tenant>> AllAsync(CancellationToken cancellation) =>
        owner.QueryAsync<Tenant>($"{SelectTenant} where state = 'ready' order by code", null, cancellation);

    /// <summary>Forgets what is remembered about a tenant that was changed or has just been made.</summary>
    public void Changed(string code)
    {
        Interlocked.Increment(ref changes);
        unknown.TryRemove(code, out _);
        known.Forget(code);
    }

    /// <summary>The same for all of them: changes may have gone unheard.</summary>
    public void AllChanged()
    {
        Interlocked.Increment(ref changes);
        unknown.Clear();
        known.ForgetAll();
    }

    public ValueTask DisposeAsync() => pools.DisposeAsync();

    internal const string SelectTenant = "select code, slug, name, plan, currency, server, database, state from tenants";

    // For all who ask at once: none of them may call it off.
    private async Task<TenantDb?> LoadAsync(string code) =>
        await owner.QuerySingleOrDefaultAsync<Tenant>($"{SelectTenant} where code = @code and state = 'ready'", new { code }, CancellationToken.None) is { } tenant
            ? new(tenant, pools.Of(tenant.Database), signal)
            : null;
}
