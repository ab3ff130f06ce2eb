using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Who works with a tenant, and who is invited to.</summary>
internal sealed class ListTeam(OwnerDb owner, TimeProvider time)
{
    public Task<IReadOnlyList<Person>> RunAsync(string tenantCode, CancellationToken cancellation) => owner.QueryAsync<Person>("""
        select u.id, u.display_name as name, u.email, m.role, u.totp_enabled, u.last_signed_in_at
        from memberships m join users u on u.id = m.user_id where m.tenant = @tenantCode order by u.display_name, u.id
        """, new { tenantCode }, cancellation);

    public Task<IReadOnlyList<Invited>> InvitedAsync(string tenantCode, CancellationToken cancellation) => owner.QueryAsync<Invited>("""
        select id, email, role, created_at, expires_at from invitations
        where tenant = @tenantCode and accepted_at is null and expires_at > @Now order by created_at desc
        """, new { tenantCode, Now = time.GetUtcNow().UtcDateTime }, cancellation);

    public sealed record Person(string Id, string Name, string Email, string Role, bool TotpEnabled, DateTimeOffset? LastSignedInAt);

    public sealed record Invited(string Id, string Email, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
}
