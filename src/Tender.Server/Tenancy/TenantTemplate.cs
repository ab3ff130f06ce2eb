using Dapper;

namespace Tender.Server.Tenancy;

/// <summary>
/// A database with the newest tenant schema and nothing in it: copying it makes a new tenant in a fraction of a second. Its name
/// holds the fingerprint of the migrations, so one made from older files is never used.
/// </summary>
internal sealed class TenantTemplate(DatabaseServer server, Migrator migrator)
{
    /// <summary>Its name, once it is there.</summary>
    public async Task<string> EnsureAsync(CancellationToken cancellation)
    {
        var name = $"tender_template_{Migrator.TenantFingerprint}";
        await using var maintenance = server.OpenMaintenance();
        await using var connection = await maintenance.OpenConnectionAsync(cancellation);
        await using var alone = await AdvisoryLock.TakeAsync(connection, name, cancellation);
        if (await connection.ExecuteScalarAsync<bool>("select exists (select 1 from pg_database where datname = @name and datistemplate)", new { name })) return name;

        // A half-made one is no template yet, and goes.
        await connection.ExecuteAsync($"drop database if exists \"{name}\" with (force)");
        await connection.ExecuteAsync(new($"create database \"{name}\" encoding 'UTF8' template template0", commandTimeout: DatabaseServer.CreatingSecondsMax, cancellationToken: cancellation));
        await using (var source = server.OpenTenant(name)) await migrator.RunAsync(source, Migrator.ForTenants, cancellation);
        await connection.ExecuteAsync($"alter database \"{name}\" with is_template true");
        return name;
    }
}
