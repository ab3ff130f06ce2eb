using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>
/// The connections to one database. Whoever needs one takes a lease: the pool is there for as long as any lease is, and between
/// leases it may be closed and opened again without anybody noticing.
/// </summary>
internal sealed class Pool
{
    private readonly SemaphoreSlim turns;
    private readonly SemaphoreSlim? share;
    private readonly Pools? bounds;

    /// <summary>One that is always open: the owner's.</summary>
    /// <param name="turns">Bounds what is in use over all pools.</param>
    public Pool(NpgsqlDataSource source, SemaphoreSlim turns) => (Open, this.turns) = (source, turns);

    /// <summary>One that shares a bounded number of connections with others.</summary>
    public Pool(string database, Pools bounds, SemaphoreSlim turns, int shareMax) =>
        (Database, this.bounds, this.turns, share) = (database, bounds, turns, new(shareMax));

    public string? Database { get; }

    /// <summary>For what keeps a connection of its own for long, as LISTEN does. Only a pool that is never closed gives it.</summary>
    public NpgsqlDataSource Source => bounds is null ? Open! : throw new InvalidOperationException("a tenant's pool is closed when idle: take a lease");

    // What follows is changed by Pools alone, under its lock.
    public NpgsqlDataSource? Open { get; set; }

    public int InUse { get; set; }

    /// <summary>The most connections it can hold by now: as many as were ever in use at once since it was opened or cleared.</summary>
    public int Held { get; set; }

    public long UsedAt { get; set; }

    /// <summary>Waits for a turn, never long for one tenant's sake: each has its share, and all of them together theirs.</summary>
    public async ValueTask<Lease> LeaseAsync(CancellationToken cancellation)
    {
        if (share is not null) await share.WaitAsync(cancellation);
        try
        {
            await turns.WaitAsync(cancellation);
        }
        catch
        {
            share?.Release();
            throw;
        }

        try
        {
            return new(this, bounds?.Enter(this) ?? Open!);
        }
        catch
        {
            GiveBack();
            throw;
        }
    }

    private void GiveBack()
    {
        turns.Release();
        share?.Release();
    }

    /// <summary>The right to one connection, until it is disposed of; after the connection, that is.</summary>
    public readonly struct Lease(Pool pool, NpgsqlDataSource source) : IDisposable
    {
        public NpgsqlDataSource Source => source;

        public void Dispose()
        {
            pool.bounds?.Leave(pool);
            pool.GiveBack();
        }
    }
}
