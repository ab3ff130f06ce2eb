using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Tender.Server.Tenancy;

/// <summary>
/// A statement as the wire takes it: @names become positions once, not at every run, and each position knows which property
/// fills it. There are as many as there are statements in the code.
/// </summary>
internal sealed partial class Statement
{
    private static readonly ConcurrentDictionary<(string Sql, Type? Values), Statement> Known = new();
    private readonly string sql;
    private readonly Parameter[] parameters;

    private Statement(string sql, Parameter[] parameters) => (this.sql, this.parameters) = (sql, parameters);

    public static Statement Of(string sql, Type? values) => Known.GetOrAdd((sql, values), static key => Translate(key.Sql, key.Values));

    public NpgsqlBatchCommand With(object? values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (read, type) in parameters) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = read(values!) ?? DBNull.Value });
        return command;
    }

    private static Statement Translate(string sql, Type? values)
    {
        var properties = values?.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase) ?? [];
        var used = new List<string>();
        var text = new StringBuilder();
        var written = 0;
        foreach (Match found in Names().Matches(sql))
        {
            if (!found.Groups["name"].Success) continue;
            if (!properties.TryGetValue(found.Groups["name"].Value, out var property)) throw new ArgumentException($"nothing fills {found.Value} of: {sql}", nameof(sql));
            var name = property.Name;
            if (!used.Contains(name)) used.Add(name);
            text.Append(sql, written, found.Index - written).Append('$').Append(used.IndexOf(name) + 1);
            written = found.Index + found.Length;
        }

        text.Append(sql, written, sql.Length - written);
        return new(text.ToString(), [.. used.Select(name => new Parameter(Reader(values!, properties[name]), DbTypeOf(properties[name].PropertyType)))]);
    }

    // What stands in quotes or comments is passed over, as are @> and @@.
    [GeneratedRegex("""'[^']*'|"[^"]*"|--[^\n]*|/\*[\s\S]*?\*/|(?<![@\w])@(?<name>[A-Za-z_]\w*)""")]
    private static partial Regex Names();

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
        var t when t == typeof(DateTimeOffset[]) || t == typeof(DateTimeOffset?[]) => NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        var t when t == typeof(string[]) => NpgsqlDbType.Array | NpgsqlDbType.Text,
        var t => throw new ArgumentException($"no column type for {t.Name}"),
    };

    private sealed record Parameter(Func<object, object?> Read, NpgsqlDbType Type);
}
