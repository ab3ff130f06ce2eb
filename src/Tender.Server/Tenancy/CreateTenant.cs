using Dapper;
using Tender.Domain.Amounts;

namespace Tender.Server.Tenancy;

/// <summary>
/// Makes a tenant: its row, then its database from the template, then ready. Cut off anywhere, the same call goes on where it
/// was: a row in state creating is finished, a half-made database is made again.
/// </summary>
internal sealed class CreateTenant(OwnerDb owner, DatabaseServer server, TenantTemplate template, Migrator migrator, TenantDatabases tenants)
{
    public async Task<Tenant> RunAsync(string slug, string name, string currency, string plan, CancellationToken cancellation)
    {
        if (!Currency.TryParse(currency, out var known)) throw new ArgumentException($"'{currency}' is no known currency.", nameof(currency));
        var code = Ids.NewTenantCode();
        await owner.ExecuteAsync("""
            insert into tenants (code, slug, name, plan, currency, database) values (@code, @slug, @name, @plan, @Currency, @Database)
            on conflict (slug) do nothing
            """, new { code, slug, name, plan, Currency = known.Code, Database = server.TenantDatabase(code) }, cancellation);
        var tenant = await owner.QuerySingleOrDefaultAsync<Tenant>($"{TenantDatabases.SelectTenant} where slug = @slug", new { slug }, cancellation);
        return tenant!.State is "creating" ? await FinishAsync(tenant, cancellation) : tenant;
    }

    /// <summary>Tenants that an earlier run left half made.</summary>
    public Task<IReadOnlyList<Tenant>> HalfMadeAsync(CancellationToken cancellation) =>
        owner.QueryAsync<Tenant>($"{TenantDatabases.SelectTenant} where state = 'creating' order by code", null, cancellation);

    /// <summary>Goes on wherever it was cut off.</summary>
    public async Task<Tenant> FinishAsync(Tenant tenant, CancellationToken cancellation)
    {
        var from = await template.EnsureAsync(cancellation);
        await using (var maintenance = server.OpenMaintenance())
        {
            await using var connection = await maintenance.OpenConnectionAsync(cancellation);
            await using var alone = await AdvisoryLock.TakeAsync(connection, $"tenant {tenant.Code}", cancellation);
            if (!await connection.ExecuteScalarAsync<bool>("select exists (select 1 from pg_database where datname = @Database)", new { tenant.Database }))
                await connection.ExecuteAsync(new($"create database \"{tenant.Database}\" template \"{from}\"", commandTimeout: DatabaseServer.CreatingSecondsMax, cancellationToken: cancellation));
        }

        await using (var source = server.OpenTenant(tenant.Database))
        {
            // Cut off before an upgrade, it was copied from an older template.
            await migrator.RunAsync(source, Migrator.ForTenants, cancellation);
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await connection.ExecuteAsync("insert into seller (name) values (@Name) on conflict do nothing", new { tenant.Name });
        }

        await owner.ExecuteAsync("update tenants set state = 'ready', schema_version = @Version where code = @Code and state = 'creating'",
            new { tenant.Code, Version = Migrator.TenantVersion }, cancellation);
        tenants.Changed(tenant.Code);
        return tenant with { State = "ready" };
    }
}
