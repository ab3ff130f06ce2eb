using Dapper;

namespace Tender.Server.Tenancy;

/// <summary>What happens to the databases at start: the owner's is made and migrated, half-made tenants are finished, tenants are migrated.</summary>
internal sealed partial class OpenDatabases(
    DatabaseServer server, OwnerDb owner, TenantDatabases tenants, CreateTenant create, Migrator migrator, ILogger<OpenDatabases> log)
{
    private const int MigratedAtOnce = 4;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await EnsureOwnerAsync(cancellation);
        await migrator.RunAsync(owner.Source, Migrator.Owner, cancellation);
        await create.ResumeAsync(cancellation);
        await MigrateTenantsAsync(cancellation);
    }

    /// <summary>Migrates every tenant that is behind; one that fails is reported and does not stop the others. Answers the failed ones.</summary>
    public async Task<IReadOnlyList<string>> MigrateTenantsAsync(CancellationToken cancellation)
    {
        var behind = await owner.QueryAsync<Tenant>($"{TenantDatabases.SelectTenant} where state = 'ready' and schema_version < @Version",
            new { Version = Migrator.TenantVersion }, cancellation);
        var failed = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(behind, new ParallelOptions { MaxDegreeOfParallelism = MigratedAtOnce, CancellationToken = cancellation }, async (tenant, limit) =>
        {
            try
            {
                await using var source = server.OpenTenant(tenant.Database);
                await migrator.RunAsync(source, Migrator.ForTenants, limit);
                await owner.ExecuteAsync("update tenants set schema_version = @Version where code = @Code", new { tenant.Code, Version = Migrator.TenantVersion }, limit);
                tenants.Changed(tenant.Code);
            }
            catch (Npgsql.NpgsqlException e)
            {
                LogNotMigrated(tenant.Slug, e);
                failed.Add(tenant.Slug);
            }
        });
        return [.. failed];
    }

    private async Task EnsureOwnerAsync(CancellationToken cancellation)
    {
        try
        {
            await using var there = await owner.Source.OpenConnectionAsync(cancellation);
        }
        catch (Npgsql.PostgresException e) when (e.SqlState is Npgsql.PostgresErrorCodes.InvalidCatalogName)
        {
            await using var maintenance = server.OpenMaintenance();
            await using var connection = await maintenance.OpenConnectionAsync(cancellation);
            await connection.ExecuteAsync($"create database \"{server.OwnerDatabase}\" encoding 'UTF8' template template0");
        }
    }

    [LoggerMessage(501, LogLevel.Error, "tenant {Slug} could not be migrated; it is left as it was")]
    private partial void LogNotMigrated(string slug, Exception exception);
}
