using System.Text.Json;
using Tender.Server.Tenancy;

namespace Tender.Server.Audit;

/// <summary>The audit as a person reads it in the console.</summary>
internal static class AuditLook
{
    /// <summary>What can be filtered by: every action that is recorded in a tenant's database.</summary>
    public static readonly string[] Actions =
    [
        "api_key.created", "api_key.revealed", "api_key.revoked", "case.closed", "case.reopened", "connection.changed", "connection.checked", "connection.created", "connection.deleted",
        "connection.drained", "jwt_secret.removed", "jwt_secret.set", "member.invitation_withdrawn", "member.invited", "member.joined", "member.removed", "member.role_changed", "payment.cancel_requested",
        "payment.capture_requested", "payment.refund_requested", "payment_link.changed", "payment_link.closed", "payment_link.created", "payment_link.opened", "product.archived",
        "product.changed", "product.created", "product.restored", "seller.changed", "tenant.created", "tier.archived", "tier.saved",
    ];

    /// <summary>Whether a search names who did something, rather than what it was done to.</summary>
    public static bool IsActor(string text) => text.StartsWith("usr_", StringComparison.Ordinal) || text.StartsWith("key_", StringComparison.Ordinal) || text is "demo" or "tender";

    /// <summary>Members and API keys by name, as far as they still are.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> NamesAsync(OwnerDb owner, IReadOnlyList<ListAudit.Line> lines, CancellationToken cancellation)
    {
        var ids = lines.Select(line => line.Actor).Distinct().ToArray();
        if (ids.Length is 0) return new Dictionary<string, string>();
        var found = await owner.QueryAsync<Named>("""
            select id, display_name as name from users where id = any(@ids)
            union all select id, 'key ' || name from api_keys where id = any(@ids)
            """, new { ids }, cancellation);
        return found.ToDictionary(one => one.Id, one => one.Name, StringComparer.Ordinal);
    }

    /// <summary>Names and values in one line.</summary>
    public static string Details(JsonElement details) => details.ValueKind is JsonValueKind.Object
        ? string.Join(", ", details.EnumerateObject().Select(one => $"{one.Name}: {one.Value}"))
        : "";

    private sealed record Named(string Id, string Name);
}
