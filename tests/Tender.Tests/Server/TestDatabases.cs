using Npgsql;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server;

/// <summary>Real databases for tests: one private PostgreSQL for the whole run, a fresh database in milliseconds for whoever asks.</summary>
internal static class TestDatabases
{
    private static readonly Lazy<Task<PrivatePostgres>> Server = new(StartAsync);

    // Many databases, one server: what they use at once is bounded together, and nobody keeps what he does not use.
    private static readonly SemaphoreSlim Busy = new(80);
    private static int made;

    /// <summary>The server itself, for those who need its programs.</summary>
    public static Task<PrivatePostgres> ServerAsync() => Server.Value;

    /// <summary>With its password, for whoever opens connections of their own.</summary>
    public static async Task<string> ConnectionStringAsync(Database db) => new NpgsqlConnectionStringBuilder((await Server.Value).ConnectionString)
    {
        Database = new NpgsqlConnectionStringBuilder(db.Source.ConnectionString).Database,
    }.ConnectionString;

    public static async Task<OwnerDb> NewOwnerAsync() => new(await NewAsync("owner"), Busy);

    /// <summary>Returns when a statement in the database waits for a lock that another one holds.</summary>
    public static async Task SomebodyWaitsAsync(Database db)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await db.QuerySingleOrDefaultAsync<bool>("select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", null, CancellationToken.None)) return;
            await Task.Delay(50);
        }

        throw new TimeoutException("nobody waits for a lock");
    }

    /// <summary>What the hourly round does for one rule.</summary>
    public static Task<int> ForgetAsync(Database db, KeptFor rule, TimeProvider time) =>
        db.ExecuteAsync(rule.Forget, new { before = time.GetUtcNow() - rule.For, AtOnce = 100 }, CancellationToken.None);

    /// <summary>A tenant's database, with its row in the owner's.</summary>
    public static async Task<TenantDb> NewTenantAsync(OwnerDb owner, string code)
    {
        var source = await NewAsync("tenant");
        var tenant = new Tenant(code, code, $"Tenant {code}", "pro", "usd", "main", new NpgsqlConnectionStringBuilder(source.ConnectionString).Database!, "ready");
        await owner.ExecuteAsync("""
            insert into tenants (code, slug, name, plan, currency, server, database, state)
            values (@Code, @Slug, @Name, @Plan, @Currency, @Server, @Database, @State)
            """, tenant, CancellationToken.None);
        return new(tenant, source, Busy);
    }

    private static async Task<NpgsqlDataSource> NewAsync(string kind)
    {
        var server = await Server.Value;
        var name = $"{kind}_{Interlocked.Increment(ref made)}";
        // Only one database at a time is copied from a template.
        await RunAsync(server.ConnectionString, $"select pg_advisory_lock(1); create database {name} template {kind}_template;");
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, MaxPoolSize = 20, ConnectionIdleLifetime = 1, ConnectionPruningInterval = 1, IncludeErrorDetail = true });
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        var server = await PrivatePostgres.StartTemporaryAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        // Nothing here outlives the run: hundreds of databases are made, and none waits for the disk.
        foreach (var setting in new[] { "fsync", "full_page_writes", "synchronous_commit" }) await RunAsync(server.ConnectionString, $"alter system set {setting} = off");
        await RunAsync(server.ConnectionString, "select pg_reload_conf()");
        foreach (var kind in new[] { "owner", "tenant" })
        {
            await RunAsync(server.ConnectionString, $"create database {kind}_template");
            var template = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = $"{kind}_template", Pooling = false }.ConnectionString;
            foreach (var sql in Migrations(kind)) await RunAsync(template, sql);
        }

        return server;
    }

    private static IEnumerable<string> Migrations(string kind)
    {
        var assembly = typeof(OwnerDb).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.Contains($".migrations.{kind}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in sql.StartsWith("select pg_advisory_lock", StringComparison.Ordinal) ? sql.Split(';', StringSplitOptions.RemoveEmptyEntries) : [sql])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
