using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The keys of a tenant's own programs, newest first, and those of its users, without the keys.</summary>
internal sealed class ListApiKeys(OwnerDb owner, TimeProvider time)
{
    public const int SoldMax = 100;
    public const int DaysShown = 30;

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

    /// <summary>One of them, whether it still counts or not; null when the tenant has none of that id in this mode.</summary>
    public Task<Key?> OneAsync(string tenantCode, Mode mode, string keyId, CancellationToken cancellation) =>
        owner.QuerySingleOrDefaultAsync<Key>($"{Select} where k.id = @keyId and k.tenant = @tenantCode and k.mode = @Mode", new { keyId, tenantCode, Mode = mode.ToWord(), Now = time.GetUtcNow() }, cancellation);

    /// <summary>How often it was used on each of the last days, by UTC; days without a call are left out.</summary>
    public async Task<IReadOnlyDictionary<DateOnly, long>> UsesAsync(string keyId, CancellationToken cancellation) =>
        (await owner.QueryAsync<DayUse>("select day, count from key_usage where key_id = @keyId and day > @From", new { keyId, From = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-DaysShown) }, cancellation))
        .ToDictionary(use => use.Day, use => use.Count);

    private sealed record DayUse(DateOnly Day, long Count);

    /// <param name="Prefix">Its first characters: enough to tell it from the others.</param>
    /// <param name="UserId">Whose it is; null for the tenant's own programs.</param>
    /// <param name="UsesToday">By UTC; at most some seconds old.</param>
    public sealed record Key(
        string Id, string Name, string Prefix, string[] Scopes, string? CreatedBy, string? UserId, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt,
        long UsesToday, long UsesOf30Days);
}
