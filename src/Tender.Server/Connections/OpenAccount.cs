using System.Text.Json;
using Tender.Domain;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>
/// Opens a connection's credentials for a call. Only ProviderGateway, the check of a connection and the proving of webhooks ask for it.
/// Opened ones stay in memory for seconds, and never past a change of the connection.
/// </summary>
internal sealed class OpenAccount(ReadConnections connections, DecryptFromStorage decrypt, TimeProvider time)
{
    private readonly Recent<Account> recent = new(TimeSpan.FromSeconds(5), time);

    /// <summary>The account; throws <see cref="BrokenRuleException"/> when the tenant has no such connection (any more).</summary>
    public async ValueTask<Account> RunAsync(TenantDb db, string connectionId, CancellationToken cancellation)
    {
        var row = await connections.FindAsync(db, connectionId, cancellation) ?? throw new BrokenRuleException($"there is no connection {connectionId}");
        return await recent.GetAsync($"{row.Id}@{row.UpdatedAt.UtcTicks}", () => OpenAsync(db, connectionId), cancellation);
    }

    private async Task<Account> OpenAsync(TenantDb db, string connectionId)
    {
        var row = await db.QuerySingleOrDefaultAsync<Row>(
            "select mode, fields::text as fields, sealed_secrets::text as sealed_secrets, previous_webhook_secret_until from connections where id = @connectionId",
            new { connectionId }, CancellationToken.None) ?? throw new BrokenRuleException($"there is no connection {connectionId}");

        var secrets = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var (field, text) in Map(row.SealedSecrets))
        {
            secrets[field] = await decrypt.RunAsync(new(text), new(db.Tenant.Code, connectionId, field), CancellationToken.None);
        }

        var accepted = AcceptedWebhookSecrets(secrets, row.PreviousWebhookSecretUntil);
        secrets.Remove(WebhookSecrets.Previous);
        return new(connectionId, Words.Parse<Mode>(row.Mode), Map(row.Fields), secrets, accepted);
    }

    private List<Secret> AcceptedWebhookSecrets(Dictionary<string, Secret> secrets, DateTimeOffset? previousUntil)
    {
        var accepted = new List<Secret>(capacity: 2);
        if (secrets.TryGetValue(WebhookSecrets.Current, out var current)) accepted.Add(current);
        if (secrets.TryGetValue(WebhookSecrets.Previous, out var previous) && previousUntil > time.GetUtcNow()) accepted.Add(previous);
        return accepted;
    }

    private static Dictionary<string, string> Map(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    private sealed record Row(string Mode, string Fields, string SealedSecrets, DateTimeOffset? PreviousWebhookSecretUntil);
}

/// <summary>The names under which a connection keeps what its webhooks are signed with.</summary>
internal static class WebhookSecrets
{
    public const string Current = "webhookSecret";

    /// <summary>Still accepted for a while after a change: what the provider sent before it carries the old signature.</summary>
    public const string Previous = "webhookSecret.previous";

    /// <summary>What webhooks may be signed with when only one secret was ever entered.</summary>
    public static IReadOnlyList<Secret> In(IReadOnlyDictionary<string, Secret> secrets) =>
        secrets.TryGetValue(Current, out var secret) ? [secret] : [];
}
