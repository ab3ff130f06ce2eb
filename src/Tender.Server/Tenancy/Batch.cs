using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Tender.Server.Tenancy;

/// <summary>
/// Writes that belong together: sent in one round trip, committed together or not at all. PostgreSQL runs a batch without
/// BEGIN as one transaction, so nothing can be left open across anything.
/// </summary>
internal sealed class Batch
{
    private static readonly ConcurrentDictionary<Type, (string Name, Func<object, object?> Read, NpgsqlDbType Type)[]> Shapes = new();
    private readonly List<NpgsqlBatchCommand> commands = [];

    /// <summary>How many statements it holds.</summary>
    public int Count => commands.Count;

    /// <summary>Adds a statement; the properties of <paramref name="values"/> are its parameters.</summary>
    public Batch Add(string sql, object? values = null)
    {
        var command = new NpgsqlBatchCommand(sql);
        if (values is not null)
        {
            foreach (var (name, read, type) in Shapes.GetOrAdd(values.GetType(), ShapeOf))
            {
                command.Parameters.Add(new NpgsqlParameter(name, type) { Value = read(values) ?? DBNull.Value });
            }
        }

        commands.Add(command);
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

    private static (string, Func<object, object?>, NpgsqlDbType)[] ShapeOf(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => (property.Name, Reader(type, property), DbTypeOf(property.PropertyType)))];

    private static Func<object, object?> Reader(Type type, PropertyInfo property)
    {
        var row = Expression.Parameter(typeof(object));
        var value = Expression.Convert(Expression.Property(Expression.Convert(row, type), property), typeof(object));
        return Expression.Lambda<Func<object, object?>>(value, row).Compile();
    }

    private static NpgsqlDbType DbTypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => NpgsqlDbType.Text,
        var t when t == typeof(long) => NpgsqlDbType.Bigint,
        var t when t == typeof(int) => NpgsqlDbType.Integer,
        var t when t == typeof(bool) => NpgsqlDbType.Boolean,
        var t when t == typeof(decimal) => NpgsqlDbType.Numeric,
        var t when t == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        var t when t == typeof(byte[]) => NpgsqlDbType.Bytea,
        var t when t == typeof(byte[][]) => NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        var t when t == typeof(DateTimeOffset[]) => NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        var t when t == typeof(string[]) => NpgsqlDbType.Array | NpgsqlDbType.Text,
        var t => throw new ArgumentException($"no column type for {t.Name}"),
    };
}
