using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>GET /api/connections: a tenant's connections with all that may be shown of them. A secret is never among it, sealed or not.</summary>
internal sealed class ListConnections(WebhookAddress webhooks)
{
    private const string Select = """
        select id, provider, name, mode, status, is_enabled, is_default, priority, currencies, account_id, fields::text as fields,
               (select coalesce(array_agg(k order by k), '{}') from jsonb_object_keys(sealed_secrets) as k where k not like '%.previous') as kept_secrets,
               settings::text as settings, webhook_endpoint_id, last_checked_at, last_check, last_used_at, created_by, created_at, updated_at
        from connections
        """;

    public async Task<IReadOnlyList<Connection>> RunAsync(TenantDb db, CancellationToken cancellation) =>
        [.. (await db.QueryAsync<Row>($"{Select} order by priority, created_at, id", null, cancellation)).Select(Of)];

    /// <summary>One of them; null when the tenant has no such connection.</summary>
    public async Task<Connection?> FindAsync(TenantDb db, string id, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<Row>($"{Select} where id = @id", new { id }, cancellation) is { } row ? Of(row) : null;

    /// <summary>The provider's connection that the calls without an id act on: its default one, of the caller's mode before the other.</summary>
    public async Task<Connection?> FindAsync(TenantDb db, string provider, string mode, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<Row>(
            $"{Select} where provider = @provider order by (mode = @mode) desc, is_default desc, priority, created_at, id limit 1",
            new { provider, mode }, cancellation) is { } row ? Of(row) : null;

    private Connection Of(Row row) => new(
        row.Id, row.Provider, row.Name, row.Mode, row.Status, row.IsEnabled, row.IsDefault, row.Priority, row.Currencies, row.AccountId,
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.Fields)!, row.KeptSecrets, JsonDocument.Parse(row.Settings).RootElement,
        webhooks.Of(row.Provider, row.Id), row.WebhookEndpointId is not null, row.LastCheckedAt, row.LastCheck, row.LastUsedAt, row.CreatedBy, row.CreatedAt, row.UpdatedAt);

    private sealed record Row(
        string Id, string Provider, string Name, string Mode, string Status, bool IsEnabled, bool IsDefault, int Priority, string[] Currencies, string? AccountId,
        string Fields, string[] KeptSecrets, string Settings, string? WebhookEndpointId, DateTimeOffset? LastCheckedAt, string? LastCheck,
        DateTimeOffset? LastUsedAt, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
}

/// <summary>A connection as it is shown.</summary>
/// <param name="AccountId">The provider's id of the account.</param>
/// <param name="Fields">Public credential fields.</param>
/// <param name="KeptSecrets">The names of the secrets that are stored; never more of them.</param>
/// <param name="WebhookUrl">Where the provider is to send its webhooks.</param>
/// <param name="WebhookRegistered">True when the provider set that address up by itself.</param>
/// <param name="LastCheck">What the last check found, in a sentence.</param>
public sealed record Connection(
    string Id, string Provider, string Name, [WordsOf<Mode>] string Mode, [AllowedValues("unchecked", "healthy", "unhealthy", "draining")] string Status,
    bool IsEnabled, bool IsDefault, int Priority, IReadOnlyList<string> Currencies, string? AccountId, IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<string> KeptSecrets, JsonElement Settings, Uri WebhookUrl, bool WebhookRegistered, DateTimeOffset? LastCheckedAt, string? LastCheck,
    DateTimeOffset? LastUsedAt, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Said once, when it was made: why the provider did not set up its webhooks by itself, and what to do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WebhookNote { get; init; }
}
