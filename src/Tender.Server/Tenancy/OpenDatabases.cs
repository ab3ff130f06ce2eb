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
        await FinishHalfMadeAsync(cancellation);
        await MigrateTenantsAsync(cancellation);
    }

    // One that cannot be finished is no reason for the others not to be served.
    private async Task FinishHalfMadeAsync(CancellationToken cancellation)
    {
        foreach (var tenant in await create.HalfMadeAsync(cancellation))
        {
            try
            {
                await create.FinishAsync(tenant, cancellation);
            }
            catch (Exception e) when (IsOneTenantsTrouble(e))
            {
                LogNotFinished(tenant.Slug, e);
            }
        }
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
            catch (Exception e) when (IsOneTenantsTrouble(e))
            {
                LogNotMigrated(tenant.Slug, e);
                failed.Add(tenant.Slug);
            }
        });
        return [.. failed];
    }

    // Its database is away, its files were changed, its rows break a new rule: its own trouble, and reported.
    private static bool IsOneTenantsTrouble(Exception e) => e is Npgsql.NpgsqlException or TimeoutException or IOException or Hosting.CannotStartException;

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

            // Of several nodes that start at once on a fresh server, one makes it; the others wait, and find it made.
            await using var alone = await AdvisoryLock.TakeAsync(connection, $"owner {server.OwnerDatabase}", cancellation);
            if (await connection.ExecuteScalarAsync<bool>("select exists (select 1 from pg_database where datname = @OwnerDatabase)", new { server.OwnerDatabase })) return;
            await connection.ExecuteAsync(new($"create database \"{server.OwnerDatabase}\" encoding 'UTF8' template template0", commandTimeout: DatabaseServer.CreatingSecondsMax, cancellationToken: cancellation));
        }
    }

    [LoggerMessage(503, LogLevel.Error, "tenant {Slug} could not be finished; the next start tries again")]
    private partial void LogNotFinished(string slug, Exception exception);

    [LoggerMessage(501, LogLevel.Error, "tenant {Slug} could not be migrated; it is left as it was")]
    private partial void LogNotMigrated(string slug, Exception exception);
}
