using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>Whose account is it: in the owner's database, for webhooks that come to the platform's own address and name only the provider's account.</summary>
internal sealed class ConnectedAccounts(OwnerDb owner)
{
    /// <summary>Repeated at every check, so that a crash between the two databases heals by itself.</summary>
    public Task AddAsync(Tenant tenant, string provider, string accountId, string connectionId, CancellationToken cancellation) => owner.ExecuteAsync("""
        insert into connected_accounts (provider, account_id, tenant, connection_id) values (@provider, @accountId, @Code, @connectionId)
        on conflict do nothing
        """, new { provider, accountId, tenant.Code, connectionId }, cancellation);

    /// <summary>The codes of the tenants that connected the account.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(string provider, string accountId, CancellationToken cancellation) => owner.QueryAsync<string>(
        "select distinct tenant from connected_accounts where provider = @provider and account_id = @accountId", new { provider, accountId }, cancellation);

    public Task RemoveAsync(Tenant tenant, string connectionId, CancellationToken cancellation) => owner.ExecuteAsync(
        "delete from connected_accounts where tenant = @Code and connection_id = @connectionId", new { tenant.Code, connectionId }, cancellation);
}
