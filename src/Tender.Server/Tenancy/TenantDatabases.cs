using System.Collections.Concurrent;

namespace Tender.Server.Tenancy;

/// <summary>Finds a tenant's database by code or by any id, and keeps one pool for each tenant in use; idle pools are closed.</summary>
internal sealed class TenantDatabases(OwnerDb owner, DatabaseServer server, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);

    // No query runs longer than 15 s, so a pool untouched for a minute is in nobody's hands.
    private static readonly TimeSpan IdleMin = TimeSpan.FromMinutes(1);
    private const int PoolsMax = 500;
    private const int UnknownMax = 10_000;

    private readonly ConcurrentDictionary<string, Entry> open = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> unknown = new();
    private DateTimeOffset nextTidy;

    /// <summary>The database that an id says it lives in; null, without any query, when it is no id of ours.</summary>
    public ValueTask<TenantDb?> ForIdAsync(string? id, CancellationToken cancellation) =>
        Ids.TenantOf(id) is { } code ? FindAsync(code, cancellation) : ValueTask.FromResult<TenantDb?>(null);

    /// <summary>A ready tenant's database; null when there is none.</summary>
    public async ValueTask<TenantDb?> FindAsync(string code, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (open.TryGetValue(code, out var entry) && now - entry.ReadAt < KnownFor)
        {
            entry.UsedAt = now;
            return entry.Db;
        }

        if (unknown.TryGetValue(code, out var until) && until > now) return null;
        var tenant = await owner.QuerySingleOrDefaultAsync<Tenant>($"{SelectTenant} where code = @code and state = 'ready'", new { code }, cancellation);
        if (tenant is null)
        {
            if (unknown.Count >= UnknownMax) unknown.Clear();
            unknown[code] = now + KnownFor;
            return null;
        }

        TidyWhenDue(now);
        return open.AddOrUpdate(code, _ => new(new(tenant, server.OpenTenant(tenant.Database), server.Busy), now), (_, known) => known.Renewed(tenant, server, now)).Db;
    }

    public Task<IReadOnlyList<Tenant>> AllAsync(CancellationToken cancellation) =>
        owner.QueryAsync<Tenant>($"{SelectTenant} where state = 'ready' order by code", null, cancellation);

    /// <summary>Forgets what is remembered about a tenant that was changed or has just been made.</summary>
    public void Changed(string code)
    {
        unknown.TryRemove(code, out _);
        if (open.TryGetValue(code, out var entry)) entry.ReadAt = DateTimeOffset.MinValue;
    }

    /// <summary>The same for all of them: changes may have gone unheard.</summary>
    public void AllChanged()
    {
        unknown.Clear();
        foreach (var entry in open.Values) entry.ReadAt = DateTimeOffset.MinValue;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in open.Values) await entry.Db.Source.DisposeAsync();
        open.Clear();
    }

    internal const string SelectTenant = "select code, slug, name, plan, currency, server, database, state from tenants";

    private void TidyWhenDue(DateTimeOffset now)
    {
        if (now < nextTidy) return;
        nextTidy = now + IdleMin;
        var excess = open.Count - PoolsMax;
        foreach (var (code, entry) in open.OrderBy(pair => pair.Value.UsedAt))
        {
            var idle = now - entry.UsedAt;
            if (idle < IdleMin || (idle < IdleMax && excess-- <= 0)) continue;
            if (open.TryRemove(code, out var closed)) closed.Db.Source.Dispose();
        }
    }

    private sealed class Entry(TenantDb db, DateTimeOffset now)
    {
        public TenantDb Db { get; } = db;

        public DateTimeOffset ReadAt { get; set; } = now;

        public DateTimeOffset UsedAt { get; set; } = now;

        // The pool is kept; only what is known of the tenant is renewed.
        public Entry Renewed(Tenant tenant, DatabaseServer server, DateTimeOffset now) => new(new(tenant, Db.Source, server.Busy), now);
    }
}
