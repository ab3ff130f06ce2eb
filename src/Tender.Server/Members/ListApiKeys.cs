using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The keys of a tenant's own programs, newest first, and those of its users, without the keys.</summary>
internal sealed class ListApiKeys(OwnerDb owner, TimeProvider time)
{
    public const int SoldMax = 100;

    private const string Select = """
        select k.id, k.name, k.prefix, k.scopes, coalesce(u.display_name, k.created_by) as created_by, k.user_id, k.created_at, k.last_used_at, k.revoked_at,
               coalesce((select sum(count)::bigint from key_usage where key_id = k.id and day = (@Now at time zone 'UTC')::date), 0) as uses_today,
               coalesce((select sum(count)::bigint from key_usage where key_id = k.id and day > (@Now at time zone 'UTC')::date - 30), 0) as uses_of30_days
        from api_keys k left join users u on u.id = k.created_by
        """;

    public Task<IReadOnlyList<Key>> RunAsync(string tenantCode, Mode mode, CancellationToken cancellation) =>
        owner.QueryAsync<Key>($"{Select} where k.tenant = @tenantCode and k.mode = @Mode and k.user_id is null order by k.created_at desc, k.id desc",
            new { tenantCode, Mode = mode.ToWord(), Now = time.GetUtcNow() }, cancellation);

    /// <summary>Those that users bought and may still use: the busiest first.</summary>
    public Task<IReadOnlyList<Key>> SoldAsync(string tenantCode, Mode mode, CancellationToken cancellation) =>
        owner.QueryAsync<Key>($"{Select} where k.tenant = @tenantCode and k.mode = @Mode and k.user_id is not null and k.revoked_at is null order by uses_of30_days desc, k.created_at desc limit @SoldMax",
            new { tenantCode, Mode = mode.ToWord(), Now = time.GetUtcNow(), SoldMax }, cancellation);

    /// <param name="Prefix">Its first characters: enough to tell it from the others.</param>
    /// <param name="UserId">Whose it is; null for the tenant's own programs.</param>
    /// <param name="UsesToday">By UTC; at most some seconds old.</param>
    public sealed record Key(
        string Id, string Name, string Prefix, string[] Scopes, string? CreatedBy, string? UserId, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt,
        long UsesToday, long UsesOf30Days);
}
