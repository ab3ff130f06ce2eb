using Dapper;
using Npgsql;
using Tender.Server.Hosting;

namespace Tender.Bench;

/// <summary>What all sides stand on: one PostgreSQL that keeps what it promises, one provider, one folder that goes at the end.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private static readonly string[] Durability = ["fsync", "synchronous_commit", "full_page_writes"];
    private readonly PrivatePostgres postgres;

    private Ground(PrivatePostgres postgres, DirectoryInfo folder) => (this.postgres, Folder) = (postgres, folder.FullName);

    public string Folder { get; }

    public ProviderStandIn Provider { get; } = new();

    /// <summary>The database server's process.</summary>
    public int? ProcessId => postgres.ProcessId;

    public static async Task<Ground> OpenAsync()
    {
        var postgres = await PrivatePostgres.StartTemporaryAsync();
        return new(postgres, Directory.CreateTempSubdirectory("tender-bench-"));
    }

    public NpgsqlConnectionStringBuilder Connection(string database) => new(postgres.ConnectionString) { Database = database };

    /// <summary>The settings that make a commit mean that it is on disk, as a session of that database sees them.</summary>
    public async Task<string> AssertDurableAsync(string database)
    {
        var said = new List<string>();
        await using var connection = await ConnectAsync(database);
        foreach (var name in Durability)
        {
            if (await connection.ExecuteScalarAsync<string>($"show {name}") is not "on") throw new BenchException($"{name} is off in {database}");
            said.Add($"{name} on");
        }

        return string.Join(", ", said);
    }

    public async Task CreateDatabaseAsync(string database, string? schema = null)
    {
        await ExecuteAsync("postgres", $"create database {database}");
        if (schema is not null) await ExecuteAsync(database, schema);
    }

    public async Task ExecuteAsync(string database, string sql, object? values = null)
    {
        await using var connection = await ConnectAsync(database);
        await connection.ExecuteAsync(sql, values);
    }

    /// <summary>How many rows the tables hold, in their order.</summary>
    public async Task<long[]> CountAsync(string database, IReadOnlyList<string> tables)
    {
        await using var connection = await ConnectAsync(database);
        var counts = new List<long>();
        foreach (var table in tables) counts.Add(await connection.ExecuteScalarAsync<long>($"select count(*) from {table}"));
        return [.. counts];
    }

    /// <summary>Before every round: nobody pays for what the side before left to be written.</summary>
    public Task SettleAsync() => ExecuteAsync("postgres", "checkpoint;");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        Provider.Dispose();
        await postgres.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Connection(database).ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
