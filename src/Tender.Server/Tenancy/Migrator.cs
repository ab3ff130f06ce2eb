using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using Tender.Server.Hosting;

namespace Tender.Server.Tenancy;

/// <summary>Brings a database to the newest schema by numbered SQL files, each in a transaction of its own; safe to cut off and to run again.</summary>
internal sealed class Migrator(TimeProvider time)
{
    // Any number no other program takes; one database, one migrator at a time.
    private const long LockKey = 7_365_041_002;

    /// <summary>The files for the owner's database.</summary>
    public static IReadOnlyList<Migration> Owner { get; } = Load("owner");

    /// <summary>The files for a tenant's database.</summary>
    public static IReadOnlyList<Migration> ForTenants { get; } = Load("tenant");

    /// <summary>The schema version the files lead to.</summary>
    public static int TenantVersion => ForTenants[^1].Number;

    /// <summary>A short word for the tenant files as they are: a template made from others is not used.</summary>
    public static string TenantFingerprint { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(ForTenants.Select(m => m.Checksum)))))[..10];

    /// <summary>Applies what is missing; answers how many files that were.</summary>
    public async Task<int> RunAsync(NpgsqlDataSource source, IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new("select pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 300, cancellationToken: cancellation));
        try
        {
            await connection.ExecuteAsync("""
                create table if not exists schema_migrations (number int primary key, name text not null, checksum text not null, applied_at timestamptz not null)
                """);
            var applied = (await connection.QueryAsync<(int Number, string Checksum)>("select number, checksum from schema_migrations")).ToDictionary(m => m.Number, m => m.Checksum);
            foreach (var migration in migrations.Where(m => applied.TryGetValue(m.Number, out var was) && was != m.Checksum))
                throw new CannotStartException($"Migration {migration.Name} was changed after it had been applied to {connection.Database}; add a new file instead.");

            var missing = migrations.Where(m => !applied.ContainsKey(m.Number)).ToList();
            foreach (var migration in missing) await ApplyAsync(connection, migration, cancellation);
            return missing.Count;
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new(migration.Sql, transaction: transaction, commandTimeout: 600, cancellationToken: cancellation));
        await connection.ExecuteAsync("""
            insert into schema_migrations (number, name, checksum, applied_at) values (@Number, @Name, @Checksum, @Now)
            """, new { migration.Number, migration.Name, migration.Checksum, Now = time.GetUtcNow().UtcDateTime }, transaction);
        await transaction.CommitAsync(cancellation);
    }

    private static List<Migration> Load(string which)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(Migrator).Namespace}.migrations.{which}._";
        var names = assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix[..^1], StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var sql = reader.ReadToEnd();
            var file = name[prefix[..^1].Length..];
            return new Migration(int.Parse(file[..4], System.Globalization.CultureInfo.InvariantCulture), file, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        })];
    }
}

/// <summary>One numbered SQL file.</summary>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum);
