using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>A connection as routing sees it: everything but its credentials.</summary>
/// <param name="Status">unchecked, healthy, unhealthy or draining.</param>
/// <param name="Currencies">Lower-case codes; empty serves every currency the provider does.</param>
/// <param name="UpdatedAt">When it was last changed by a person; tells one version from the next.</param>
internal sealed record ConnectionRow(
    string Id, string Provider, string Name, Mode Mode, string Status, bool IsEnabled, bool IsDefault, int Priority, IReadOnlyList<string> Currencies,
    DateTimeOffset UpdatedAt);

/// <summary>A tenant's connections, in the order of their priority. Every payment reads them, so they are remembered for a second.</summary>
internal sealed class ReadConnections(TimeProvider time)
{
    private readonly Recent<IReadOnlyList<ConnectionRow>> recent = new(TimeSpan.FromSeconds(1), time);

    public ValueTask<IReadOnlyList<ConnectionRow>> RunAsync(TenantDb db, CancellationToken cancellation) =>
        recent.GetAsync(db.Tenant.Code, () => LoadAsync(db), cancellation);

    /// <summary>One of them; null when the tenant has no such connection.</summary>
    public async ValueTask<ConnectionRow?> FindAsync(TenantDb db, string connectionId, CancellationToken cancellation)
    {
        foreach (var row in await RunAsync(db, cancellation))
        {
            if (row.Id == connectionId) return row;
        }

        return null;
    }

    /// <summary>To be called after every change, so that this process sees it at once; the others do within a second.</summary>
    public void Changed(Tenant tenant) => recent.Forget(tenant.Code);

    private static async Task<IReadOnlyList<ConnectionRow>> LoadAsync(TenantDb db)
    {
        var rows = await db.QueryAsync<Row>("""
            select id, provider, name, mode, status, is_enabled, is_default, priority, currencies, updated_at
            from connections order by priority, created_at, id
            """, null, CancellationToken.None);
        return [.. rows.Select(row => new ConnectionRow(
            row.Id, row.Provider, row.Name, Words.Parse<Mode>(row.Mode), row.Status, row.IsEnabled, row.IsDefault, row.Priority, row.Currencies, row.UpdatedAt))];
    }

    private sealed record Row(
        string Id, string Provider, string Name, string Mode, string Status, bool IsEnabled, bool IsDefault, int Priority, string[] Currencies,
        DateTimeOffset UpdatedAt);
}
