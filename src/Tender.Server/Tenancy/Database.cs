using Dapper;
using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>One database: reads by Dapper, writes by <see cref="Batch"/>. SQL stands in the slice that runs it.</summary>
internal abstract class Database
{
    // A commit takes milliseconds, a disk that stalls a second or two. A connection that hangs (a failover that closed nothing) takes for ever.
    private const int TogetherSecondsMax = 5;

    private readonly Pool pool;
    private readonly SharedWrites<Batch> together;

    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTime());
        SqlMapper.AddTypeHandler(new ArrayOf<string>());
        SqlMapper.AddTypeHandler(new ArrayOf<long>());
    }

    protected Database(Pool pool)
    {
        this.pool = pool;
        together = new(WriteTogetherAsync);
    }

    /// <summary>For what keeps a connection for long, as LISTEN does: of a database whose pool is never closed.</summary>
    public NpgsqlDataSource Source => pool.Source;

    /// <summary>The right to one connection, for what needs it whole: several results, COPY, a visible transaction.</summary>
    public ValueTask<Pool.Lease> LeaseAsync(CancellationToken cancellation) => pool.LeaseAsync(cancellation);

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? values, CancellationToken cancellation)
    {
        using var lease = await pool.LeaseAsync(cancellation);
        await using var connection = await lease.Source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new(sql, values, cancellationToken: cancellation))).AsList();
    }

    public async Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? values, CancellationToken cancellation)
    {
        using var lease = await pool.LeaseAsync(cancellation);
        await using var connection = await lease.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<T>(new(sql, values, cancellationToken: cancellation));
    }

    public async Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellation)
    {
        using var lease = await pool.LeaseAsync(cancellation);
        await using var connection = await lease.Source.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new(sql, values, cancellationToken: cancellation));
    }

    /// <summary>Commits the batch in one round trip, all of it or nothing; answers how many rows each statement touched.</summary>
    public async Task<IReadOnlyList<ulong>> WriteAsync(Batch batch, CancellationToken cancellation)
    {
        using var lease = await pool.LeaseAsync(cancellation);
        var touched = await batch.RunAsync(lease.Source, cancellation);
        Written(batch);
        return touched;
    }

    /// <summary>The same for what many requests write at once: those that come while another commits share the next commit.</summary>
    public Task WriteSharedAsync(Batch batch, CancellationToken cancellation) => together.AddAsync(batch, cancellation);

    /// <summary>
    /// Commits what many wait for, all of it or nothing, whoever of them has hung up. Others wait for their turn behind it: it fails, as
    /// with a database that does not answer, soon after <see cref="TogetherSecondsMax"/>, and whether it holds is then not known.
    /// </summary>
    public async Task WriteTogetherAsync(IReadOnlyList<Batch> batches)
    {
        using var lease = await pool.LeaseAsync(CancellationToken.None);
        await Batch.RunTogetherAsync(batches, lease.Source, TogetherSecondsMax, CancellationToken.None);
        foreach (var batch in batches) Written(batch);
    }

    /// <summary>The same for one statement that answers with rows.</summary>
    public async Task<IReadOnlyList<T>> QueryTogetherAsync<T>(string sql, object values)
    {
        using var lease = await pool.LeaseAsync(CancellationToken.None);
        await using var connection = await lease.Source.OpenConnectionAsync(CancellationToken.None);
        return (await connection.QueryAsync<T>(new(sql, values, commandTimeout: TogetherSecondsMax))).AsList();
    }

    /// <summary>Called when the batch is committed.</summary>
    protected virtual void Written(Batch batch)
    {
    }

    private sealed class UtcTime : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value is DateTime time ? new(time, TimeSpan.Zero) : (DateTimeOffset)value;

        public override void SetValue(System.Data.IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }

    private sealed class ArrayOf<T> : SqlMapper.TypeHandler<T[]>
    {
        public override T[] Parse(object value) => (T[])value;

        public override void SetValue(System.Data.IDbDataParameter parameter, T[]? value) => parameter.Value = value;
    }
}

/// <summary>The owner's database.</summary>
internal sealed class OwnerDb(NpgsqlDataSource source, SemaphoreSlim busy) : Database(new Pool(source, busy)), IDisposable
{
    /// <summary>
    /// Begins a batch of the owner's that is not waited for until it is on disk, by itself: a server writes one log for all its databases, in the order of
    /// their commits, so what commits in a tenant's after it, and is waited for, has it on disk too. Another server has another log. Never for a shared write: the others in it would not be waited for either.
    /// </summary>
    public static Batch Before(bool isOnAnotherServer) => new Batch().Add("select set_config('synchronous_commit', @Waits, true)", new { Waits = isOnAnotherServer ? "on" : "off" });

    public void Dispose() => source.Dispose();
}

/// <summary>One tenant's database. Nothing in it names another tenant.</summary>
internal sealed class TenantDb(Tenant tenant, Pool pool, WorkSignal? signal = null) : Database(pool)
{
    /// <summary>With a pool that is never closed.</summary>
    public TenantDb(Tenant tenant, NpgsqlDataSource source, SemaphoreSlim busy)
        : this(tenant, new Pool(source, busy))
    {
    }

    public Tenant Tenant => tenant;

    /// <summary>Says that there is something to do, which no <see cref="Batch"/> brought.</summary>
    public void Raise(Work work, DateTimeOffset dueAt) => signal?.Raise(tenant.Code, work, dueAt);

    protected override void Written(Batch batch)
    {
        if (signal is not null) batch.Raise(signal, tenant.Code);
    }
}

/// <summary>A customer of the owner, with a database of its own.</summary>
internal sealed record Tenant(string Code, string Slug, string Name, string Plan, string Currency, string Server, string Database, string State)
{
    /// <summary>The server that the owner's database lies on too.</summary>
    public const string OwnersServer = "main";

    public bool IsOnAnotherServer => Server is not OwnersServer;
}
