using System.Collections.Concurrent;
using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>
/// All tenants' pools together. They never hold more connections, used or idle, than the server was promised: when another one
/// is needed, the pool that rested longest makes room. One in use is never closed, so no query loses its connection.
/// </summary>
internal sealed class Pools(DatabaseServer server, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Pool> all = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly HashSet<Pool> open = [];
    private int held;
    private long lookedAt = time.GetTimestamp();
    private bool isClosed;

    /// <summary>How many pools are open, and how many connections they may hold.</summary>
    public (int Pools, int Connections) Count
    {
        get
        {
            lock (gate) return (open.Count, held);
        }
    }

    /// <summary>The pool of a database; nothing is opened yet.</summary>
    public Pool Of(string database) => all.GetOrAdd(database, name => new(name, this, server.Busy, server.TenantPoolMax));

    public NpgsqlDataSource Enter(Pool pool)
    {
        var leaving = new List<(NpgsqlDataSource Source, bool IsClosed)>();
        NpgsqlDataSource source;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            pool.UsedAt = time.GetTimestamp();
            pool.InUse++;
            CloseRested(leaving);
            if (pool.InUse > pool.Held)
            {
                if (held >= server.ConnectionsMax) MakeRoom(leaving);
                pool.Held++;
                held++;
            }

            source = pool.Open ??= server.OpenTenant(pool.Database!);
            open.Add(pool);
        }

        // Before the new connection is made, so that the server never sees both.
        foreach (var (old, closed) in leaving)
        {
            if (closed) old.Dispose();
            else old.Clear();
        }

        return source;
    }

    public void Leave(Pool pool)
    {
        lock (gate)
        {
            pool.InUse--;
            pool.UsedAt = time.GetTimestamp();
        }
    }

    /// <summary>At the end of the server; whatever still runs is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        List<NpgsqlDataSource> sources;
        lock (gate)
        {
            isClosed = true;
            sources = [.. open.Select(pool => pool.Open!)];
            open.Clear();
        }

        foreach (var source in sources) await source.DisposeAsync();
    }

    private void CloseRested(List<(NpgsqlDataSource, bool)> leaving)
    {
        if (time.GetElapsedTime(lookedAt) < LooksEvery) return;
        lookedAt = time.GetTimestamp();
        foreach (var pool in open.Where(pool => pool.InUse is 0 && time.GetElapsedTime(pool.UsedAt) >= IdleMax).ToList()) Close(pool, leaving);
    }

    // Turns are fewer than connections, so there is always one that nobody uses.
    private void MakeRoom(List<(NpgsqlDataSource, bool)> leaving)
    {
        if (open.Where(pool => pool.InUse is 0).MinBy(pool => pool.UsedAt) is { } rested)
        {
            Close(rested, leaving);
            return;
        }

        var roomy = open.Where(pool => pool.Held > pool.InUse).MaxBy(pool => pool.Held - pool.InUse)
            ?? throw new InvalidOperationException("more connections are in use than there are turns");
        held -= roomy.Held - roomy.InUse;
        roomy.Held = roomy.InUse;
        leaving.Add((roomy.Open!, false));
    }

    private void Close(Pool pool, List<(NpgsqlDataSource, bool)> leaving)
    {
        leaving.Add((pool.Open!, true));
        open.Remove(pool);
        held -= pool.Held;
        (pool.Open, pool.Held) = (null, 0);
    }
}
