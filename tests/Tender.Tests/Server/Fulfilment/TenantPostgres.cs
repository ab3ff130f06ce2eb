using Npgsql;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Fulfilment;

/// <summary>One real PostgreSQL for all tests of a collection; each test takes a tenant's database of its own.</summary>
public sealed class TenantPostgres : IAsyncLifetime
{
    private static int databases;
    private readonly List<NpgsqlDataSource> sources = [];
    private PrivatePostgres? postgres;

    public async Task InitializeAsync() => postgres = await PrivatePostgres.StartTemporaryAsync();

    internal async Task<TenantDb> NewTenantAsync()
    {
        var code = Ids.NewTenantCode();
        var name = $"tenant_{Interlocked.Increment(ref databases)}";
        await using (var admin = new NpgsqlConnection(postgres!.ConnectionString + ";Pooling=false"))
        {
            await admin.OpenAsync();
            await using var create = new NpgsqlCommand($"create database {name}", admin);
            await create.ExecuteNonQueryAsync();
        }

        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = name, MaxPoolSize = 20, IncludeErrorDetail = true });
        sources.Add(source);
        await using var migrate = source.CreateCommand(Migration());
        await migrate.ExecuteNonQueryAsync();
        return new(new(code, $"acme-{code}", "Acme Events", "pro", "eur", "main", name, "ready"), source);
    }

    public async Task DisposeAsync()
    {
        foreach (var source in sources) await source.DisposeAsync();
        await postgres!.DisposeAsync();
    }

    private static string Migration()
    {
        var assembly = typeof(TenantDb).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.Contains("migrations.tenant._0001", StringComparison.Ordinal) || n.Contains("migrations.tenant.0001", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

[CollectionDefinition(nameof(TenantPostgres))]
public sealed class TenantPostgresGroup : ICollectionFixture<TenantPostgres>;
