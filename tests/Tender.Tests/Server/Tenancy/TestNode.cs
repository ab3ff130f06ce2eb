using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

/// <summary>One node's databases without the rest of the server; several share an owner's database.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private static int made;

    private TestNode(string connectionString, int connectionsMax, TimeProvider time, ILogger<OpenDatabases>? log)
    {
        ConnectionString = connectionString;
        Server = new(connectionString, connectionsMax);
        Owner = new(Server.OpenOwner(), Server.Busy);
        Tenants = new(Owner, Server, new(), time);
        var migrator = new Migrator(time);
        Create = new(Owner, Server, new(Server, migrator), migrator, Tenants);
        Databases = new(Server, Owner, Tenants, Create, migrator, log ?? NullLogger<OpenDatabases>.Instance);
    }

    public string ConnectionString { get; }

    public DatabaseServer Server { get; }

    public OwnerDb Owner { get; }

    public TenantDatabases Tenants { get; }

    public CreateTenant Create { get; }

    public OpenDatabases Databases { get; }

    /// <summary>The name of an owner's database that nobody has made yet.</summary>
    public static async Task<string> NewAddressAsync() =>
        new NpgsqlConnectionStringBuilder((await TestDatabases.ServerAsync()).ConnectionString) { Database = $"node_{Interlocked.Increment(ref made)}" }.ConnectionString;

    public static TestNode At(string connectionString, int connectionsMax = 140, TimeProvider? time = null, ILogger<OpenDatabases>? log = null) =>
        new(connectionString, connectionsMax, time ?? TimeProvider.System, log);

    /// <summary>With its owner's database made.</summary>
    public static async Task<TestNode> StartAsync(int connectionsMax = 140, TimeProvider? time = null)
    {
        var node = At(await NewAddressAsync(), connectionsMax, time);
        await node.Databases.RunAsync(CancellationToken.None);
        return node;
    }

    public Task<Tenant> NewTenantAsync(string slug) => Create.RunAsync(slug, $"Tenant {slug}", "usd", "pro", CancellationToken.None);

    public async Task<TenantDb> FindAsync(Tenant tenant) => (await Tenants.FindAsync(tenant.Code, CancellationToken.None)).ShouldNotBeNull();

    /// <summary>Asks the server beside all pools.</summary>
    public async Task<T?> AskAsync<T>(string sql, object? values = null, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = false }.ConnectionString);
        return await connection.ExecuteScalarAsync<T>(sql, values);
    }

    public Task<int> DatabasesOfTenantsAsync() =>
        AskAsync<int>("select count(*)::int from pg_database where starts_with(datname, @Start)", new { Start = $"{Server.OwnerDatabase}_t_" });

    public async ValueTask DisposeAsync()
    {
        await Tenants.DisposeAsync();
        await Owner.Source.DisposeAsync();
    }
}
