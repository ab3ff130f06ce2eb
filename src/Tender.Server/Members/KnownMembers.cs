using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The members whose sessions are in use, remembered for seconds; what changes is heard of at once.</summary>
internal sealed class KnownMembers(OwnerDb owner, TimeProvider time)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);
    private readonly Recent<Member?> recent = new(KnownFor, time);

    /// <summary>Null for somebody who is no more.</summary>
    public ValueTask<Member?> FindAsync(string userId, CancellationToken cancellation) => recent.GetAsync(userId, () => LoadAsync(userId), cancellation);

    public void Forget(string userId) => recent.Forget(userId);

    public void ForgetAll() => recent.ForgetAll();

    private async Task<Member?> LoadAsync(string userId)
    {
        var user = await owner.QuerySingleOrDefaultAsync<Row>("""
            select id, email, display_name, security_stamp, is_owner, totp_enabled from users where id = @userId
            """, new { userId }, CancellationToken.None);
        if (user is null) return null;
        var tenants = await owner.QueryAsync<Membership>("""
            select t.code as tenant, t.name, m.role from memberships m join tenants t on t.code = m.tenant
            where m.user_id = @userId and t.state = 'ready' order by t.name, t.code
            """, new { userId }, CancellationToken.None);
        return new(user.Id, user.Email, user.DisplayName, user.SecurityStamp, user.IsOwner, user.TotpEnabled, tenants);
    }

    private sealed record Row(string Id, string Email, string DisplayName, string SecurityStamp, bool IsOwner, bool TotpEnabled);
}

/// <summary>Somebody who is signed in.</summary>
/// <param name="Stamp">Changes with the password and the second factor: sessions from before end.</param>
internal sealed record Member(
    string UserId, string Email, string Name, string Stamp, bool IsOwner, bool TotpEnabled, IReadOnlyList<Membership> Memberships);

/// <summary>What a member is at a tenant.</summary>
/// <param name="Role">viewer, operator or admin.</param>
internal sealed record Membership(string Tenant, string Name, string Role)
{
    /// <summary>A higher role includes the lower ones.</summary>
    public Callers Rights => Role switch
    {
        "admin" => Callers.Admin | Callers.Operator | Callers.Viewer,
        "operator" => Callers.Operator | Callers.Viewer,
        _ => Callers.Viewer,
    };
}
