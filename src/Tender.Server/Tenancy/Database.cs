using Dapper;
using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>One database: reads by Dapper, writes by <see cref="Batch"/>. SQL stands in the slice that runs it.</summary>
internal abstract class Database(NpgsqlDataSource source, SemaphoreSlim busy)
{
    static Database()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTime());
        SqlMapper.AddTypeHandler(new TextArray());
    }

    /// <summary>For what needs a connection of its own: COPY, LISTEN, a visible transaction.</summary>
    public NpgsqlDataSource Source => source;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? values, CancellationToken cancellation)
    {
        using var turn = await Turn.TakeAsync(busy, cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new(sql, values, cancellationToken: cancellation))).AsList();
    }

    public async Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? values, CancellationToken cancellation)
    {
        using var turn = await Turn.TakeAsync(busy, cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<T>(new(sql, values, cancellationToken: cancellation));
    }

    public async Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancellation)
    {
        using var turn = await Turn.TakeAsync(busy, cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new(sql, values, cancellationToken: cancellation));
    }

    /// <summary>Commits the batch in one round trip, all of it or nothing; answers how many rows each statement touched.</summary>
    public async Task<IReadOnlyList<ulong>> WriteAsync(Batch batch, CancellationToken cancellation)
    {
        using var turn = await Turn.TakeAsync(busy, cancellation);
        return await batch.RunAsync(source, cancellation);
    }

    private readonly struct Turn(SemaphoreSlim busy) : IDisposable
    {
        public static async ValueTask<Turn> TakeAsync(SemaphoreSlim busy, CancellationToken cancellation)
        {
            await busy.WaitAsync(cancellation);
            return new(busy);
        }

        public void Dispose() => busy.Release();
    }

    private sealed class UtcTime : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value is DateTime time ? new(time, TimeSpan.Zero) : (DateTimeOffset)value;

        public override void SetValue(System.Data.IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }

    private sealed class TextArray : SqlMapper.TypeHandler<string[]>
    {
        public override string[] Parse(object value) => (string[])value;

        public override void SetValue(System.Data.IDbDataParameter parameter, string[]? value) => parameter.Value = value;
    }
}

/// <summary>The owner's database.</summary>
internal sealed class OwnerDb(NpgsqlDataSource source, SemaphoreSlim busy) : Database(source, busy);

/// <summary>One tenant's database. Nothing in it names another tenant.</summary>
internal sealed class TenantDb(Tenant tenant, NpgsqlDataSource source, SemaphoreSlim busy) : Database(source, busy)
{
    public Tenant Tenant => tenant;
}

/// <summary>A customer of the owner, with a database of its own.</summary>
internal sealed record Tenant(string Code, string Slug, string Name, string Plan, string Currency, string Server, string Database, string State);
