using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>
/// Writes that belong together: sent in one round trip, committed together or not at all. PostgreSQL runs a batch without
/// BEGIN as one transaction, so nothing can be left open across anything.
/// </summary>
internal sealed class Batch
{
    private readonly List<(Statement Statement, object? Values)> statements = [];
    private readonly List<(Work Work, DateTimeOffset DueAt)> expected = [];

    /// <summary>How many statements it holds.</summary>
    public int Count => statements.Count;

    /// <summary>Adds a statement; the properties of <paramref name="values"/> are its parameters.</summary>
    public Batch Add(string sql, object? values = null)
    {
        statements.Add((Statement.Of(sql, values?.GetType()), values));
        return this;
    }

    /// <summary>Says what the rows of this batch make somebody do, and when; heard once they are committed. Null is nothing to do.</summary>
    public void Expect(Work work, DateTimeOffset? dueAt)
    {
        if (dueAt is { } at) expected.Add((work, at));
    }

    /// <summary>Tells who does the work.</summary>
    public void Raise(WorkSignal signal, string tenantCode)
    {
        foreach (var (work, dueAt) in expected) signal.Raise(tenantCode, work, dueAt);
    }

    /// <summary>Runs all of it; answers how many rows each statement touched.</summary>
    public Task<IReadOnlyList<ulong>> RunAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        RunAsync(source, statements.Select(one => one.Statement.With(one.Values)), secondsMax: null, cancellation);

    /// <summary>Runs several in one transaction; all hold or none. Those that are alike insert their rows by one statement a table.</summary>
    /// <param name="secondsMax">How long the server may be silent.</param>
    public static Task RunTogetherAsync(IReadOnlyList<Batch> batches, NpgsqlDataSource source, int secondsMax, CancellationToken cancellation) =>
        RunAsync(source, batches.GroupBy(batch => batch.Shape).SelectMany(alike => Merged([.. alike])), secondsMax, cancellation);

    // What reads more than its own row may count on the statement before it: such a batch is like no other, and runs whole.
    private object Shape => statements.TrueForAll(one => one.Statement.ReadsOnlyItsRow) ? string.Join(' ', statements.Select(one => one.Statement.Number)) : this;

    // Neighbours of one batch that are the same statement (two events, the lines of a movement) go together too.
    private static IEnumerable<NpgsqlBatchCommand> Merged(Batch[] alike)
    {
        var shape = alike[0].statements;
        for (var (first, next) = (0, 0); first < shape.Count; first = next)
        {
            var statement = shape[first].Statement;
            while (next < shape.Count && shape[next].Statement == statement) next++;
            var rows = Enumerable.Range(first, next - first).SelectMany(place => alike.Select(batch => batch.statements[place].Values));
            foreach (var command in statement.WithAll([.. rows])) yield return command;
        }
    }

    // Its time is Npgsql's own: a token that is cancelled would close this connection alone, and leave those beside it that hang as well.
    private static async Task<IReadOnlyList<ulong>> RunAsync(
        NpgsqlDataSource source, IEnumerable<NpgsqlBatchCommand> commands, int? secondsMax, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        if (secondsMax is { } seconds) batch.Timeout = seconds;
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellation);
        return [.. Enumerable.Range(0, batch.BatchCommands.Count).Select(place => batch.BatchCommands[place].Rows)];
    }
}
