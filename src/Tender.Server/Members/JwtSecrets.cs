using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>What the tokens of each tenant's users may be signed with, remembered for seconds; what changes is heard of at once.</summary>
/// <param name="installations">JWT_SECRET: counts for whoever has none of their own.</param>
internal sealed class JwtSecrets(Secret installations, OwnerDb owner, DecryptFromStorage decrypt, TimeProvider time)
{
    /// <summary>Those whose time is over.</summary>
    public static readonly KeptFor Forgotten = new("jwt_secrets", TimeSpan.FromDays(1), """
        delete from jwt_secrets where id in (select id from jwt_secrets where ends_at < @before order by ends_at limit @AtOnce for update skip locked)
        """, IsOwners: true);

    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);
    private readonly Recent<IReadOnlyList<Counting>> recent = new(KnownFor, time);

    /// <summary>Where one is sealed to live.</summary>
    public static SecretPlace Place(string tenantCode, string id) => new(tenantCode, id, "jwt");

    /// <summary>Those that count now. It fails when a tenant's own does not open: nothing counts in its stead.</summary>
    /// <param name="tenantCode">As a token says it, with nothing proven yet; null when it says none.</param>
    public async ValueTask<IReadOnlyList<Secret>> OfAsync(string? tenantCode, CancellationToken cancellation)
    {
        if (!Ids.IsTenantCode(tenantCode)) return [installations];
        var stored = await recent.GetAsync(tenantCode!, () => LoadAsync(tenantCode!), cancellation);
        return stored.Count is 0 ? [installations] : [.. stored.Where(one => one.EndsAt is not { } end || time.GetUtcNow() < end).Select(one => one.Secret)];
    }

    public void Forget(string tenantCode) => recent.Forget(tenantCode);

    public void ForgetAll() => recent.ForgetAll();

    // It serves all who wait for it, so it is not cancelled with one of them.
    private async Task<IReadOnlyList<Counting>> LoadAsync(string tenantCode)
    {
        var rows = await owner.QueryAsync<Row>("select id, sealed, ends_at from jwt_secrets where tenant = @tenantCode and (ends_at is null or ends_at > @Now)", new { tenantCode, Now = time.GetUtcNow() }, CancellationToken.None);
        var counting = new List<Counting>();
        foreach (var row in rows)
            counting.Add(new(row.Sealed is null ? installations : await decrypt.RunAsync(new(row.Sealed), Place(tenantCode, row.Id), CancellationToken.None), row.EndsAt));
        return counting;
    }

    private sealed record Counting(Secret Secret, DateTimeOffset? EndsAt);

    private sealed record Row(string Id, string? Sealed, DateTimeOffset? EndsAt);
}
