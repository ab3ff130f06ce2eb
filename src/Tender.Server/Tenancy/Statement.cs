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
    private static int made;
    private readonly string sql;
    private readonly string? sqlOfMany;
    private readonly Parameter[] parameters;

    private Statement(string sql, Parameter[] parameters) =>
        (this.sql, this.parameters, sqlOfMany, Number) = (sql, parameters, parameters.Length > 0 && parameters.All(p => p.IsOneValue) ? ManyRows(sql, parameters.Length) : null, Interlocked.Increment(ref made));

    /// <summary>Tells it from every other.</summary>
    public int Number { get; }

    public static Statement Of(string sql, Type? values) => Known.GetOrAdd((sql, values), static key => Translate(key.Sql, key.Values));

    public NpgsqlBatchCommand With(object? values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter.Of(values!));
        return command;
    }

    /// <summary>True of an insert of one row made of parameters, and of an update that looks at nothing but the row it changes.</summary>
    public bool ReadsOnlyItsRow => sqlOfMany is not null || PlainUpdate().IsMatch(sql);

    /// <summary>The same for several rows: one command when it inserts a row, one for each when it does anything else.</summary>
    public IEnumerable<NpgsqlBatchCommand> WithAll(IReadOnlyList<object?> rows)
    {
        if (sqlOfMany is null || rows.Count is 1) return rows.Select(With);
        var command = new NpgsqlBatchCommand(sqlOfMany);
        foreach (var parameter in parameters) command.Parameters.Add(parameter.OfAll(rows));
        return [command];
    }

    // insert … values (expressions of $1, $2) becomes insert … select (expressions of p1, p2) from unnest($1, $2): one plan for any number of rows.
    private static string? ManyRows(string sql, int count)
    {
        if (InsertOfOneRow().Match(sql) is not { Success: true } insert) return null;
        var places = Enumerable.Range(1, count).ToList();
        var row = Positions().Replace(insert.Groups["row"].Value, "p$1");
        return $"{insert.Groups["into"].Value}select {row} from unnest({string.Join(", ", places.Select(n => $"${n}"))}) as rows ({string.Join(", ", places.Select(n => $"p{n}"))}){insert.Groups["rest"].Value}";
    }

    [GeneratedRegex("""^\s*(?<into>insert into \w+ \([^()]*\)\s*)values \((?<row>(?:(?!\bselect\b)(?:[^()']|'[^']*'|\((?!select)[^()]*\)))*)\)(?<rest>(?:\s*on conflict (?:\([^()]*\) )?do nothing)?\s*)$""")]
    private static partial Regex InsertOfOneRow();

    [GeneratedRegex("""^\s*update \w+ set (?!.*\b(?:select|from|returning)\b)""", RegexOptions.Singleline)]
    private static partial Regex PlainUpdate();

    [GeneratedRegex("""\$(\d+)""")]
    private static partial Regex Positions();

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
        return new(text.ToString(), [.. used.Select(name => new Parameter(Reader(values!, properties[name]), properties[name].PropertyType, DbTypeOf(properties[name].PropertyType)))]);
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
        var t when t == typeof(DateOnly[]) => NpgsqlDbType.Array | NpgsqlDbType.Date,
        var t when t == typeof(long[]) => NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        var t when t == typeof(string[]) => NpgsqlDbType.Array | NpgsqlDbType.Text,
        var t => throw new ArgumentException($"no column type for {t.Name}"),
    };

    private sealed record Parameter(Func<object, object?> Read, Type Type, NpgsqlDbType DbType)
    {
        // A list in a list is none of PostgreSQL's types.
        public bool IsOneValue => !DbType.HasFlag(NpgsqlDbType.Array);

        public NpgsqlParameter Of(object values) => new() { NpgsqlDbType = DbType, Value = Read(values) ?? DBNull.Value };

        public NpgsqlParameter OfAll(IReadOnlyList<object?> rows)
        {
            var column = Array.CreateInstance(Type, rows.Count);
            for (var i = 0; i < rows.Count; i++) column.SetValue(Read(rows[i]!), i);
            return new() { NpgsqlDbType = NpgsqlDbType.Array | DbType, Value = column };
        }
    }
}
