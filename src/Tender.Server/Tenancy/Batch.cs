using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>
/// Writes that belong together: sent in one round trip, committed together or not at all. PostgreSQL runs a batch without
/// BEGIN as one transaction, so nothing can be left open across anything.
/// </summary>
internal sealed class Batch
{
    private readonly List<NpgsqlBatchCommand> commands = [];

    /// <summary>How many statements it holds.</summary>
    public int Count => commands.Count;

    /// <summary>Adds a statement; the properties of <paramref name="values"/> are its parameters.</summary>
    public Batch Add(string sql, object? values = null)
    {
        commands.Add(Statement.Of(sql, values?.GetType()).With(values));
        return this;
    }

    /// <summary>Runs all of it; answers how many rows each statement touched.</summary>
    public async Task<IReadOnlyList<ulong>> RunAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellation);
        return [.. commands.Select(command => command.Rows)];
    }
}
