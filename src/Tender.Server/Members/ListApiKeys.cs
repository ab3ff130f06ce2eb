using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The keys of a tenant's own programs, newest first; those of its customers are shown to them alone.</summary>
internal sealed class ListApiKeys(OwnerDb owner)
{
    public async Task<IReadOnlyList<Key>> RunAsync(string tenantCode, Mode mode, CancellationToken cancellation) =>
        await owner.QueryAsync<Key>("""
            select k.id, k.name, k.prefix, k.scopes, coalesce(u.display_name, k.created_by) as created_by, k.created_at, k.last_used_at, k.revoked_at
            from api_keys k left join users u on u.id = k.created_by
            where k.tenant = @tenantCode and k.mode = @Mode and k.user_id is null
            order by k.created_at desc, k.id desc
            """, new { tenantCode, Mode = mode.ToWord() }, cancellation);

    /// <param name="Prefix">Its first characters: enough to tell it from the others.</param>
    public sealed record Key(
        string Id, string Name, string Prefix, string[] Scopes, string? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);
}
