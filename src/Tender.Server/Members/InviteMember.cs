using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Invites somebody by a link that is shown once, to be sent by whatever way the inviter likes; a new one replaces an older one to the same address.</summary>
internal sealed class InviteMember(OwnerDb owner, Ids ids, Settings settings, TimeProvider time)
{
    public const string OwnerRole = "owner";
    private const int TokenBytes = 32;
    private const int EmailCharsMax = 254;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <param name="tenantCode">Null, with the role owner: to the installation itself.</param>
    public async Task<Outcome> RunAsync(string? tenantCode, string email, string role, Caller by, CancellationToken cancellation)
    {
        if (email.Trim() is not { Length: <= EmailCharsMax } to || !MailAddress.TryCreate(to, out var address) || address.Address != to)
            return new Outcome.Refused("email", "This is no mail address.");
        if (tenantCode is null ? role != OwnerRole : !CreateMember.Roles.Contains(role)) return new Outcome.Refused("role", "There is no such role.");

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var id = ids.NewForOwner("inv");
        var expires = time.GetUtcNow() + Kept;
        await owner.WriteAsync(new Batch()
            .Add("delete from invitations where tenant is not distinct from @Tenant and lower(email) = lower(@Email) and accepted_at is null", new { Tenant = tenantCode, Email = to })
            .Add("""
                insert into invitations (id, token_hash, tenant, email, role, invited_by, created_at, expires_at)
                values (@Id, @Hash, @Tenant, @Email, @Role, (select id from users where id = @By), @Now, @Expires)
                """, new { Id = id, Hash = HashOf(token), Tenant = tenantCode, Email = to, Role = role, By = by.Actor, Now = time.GetUtcNow(), Expires = expires })
            .AddAudit(by, "member.invited", id, new { Email = to, Role = role, Tenant = tenantCode }), cancellation);
        return new Outcome.Invited(id, new(settings.FrontendUrl, $"{MembersPaths.Invitation}?token={token}"), expires);
    }

    /// <summary>Takes an invitation back.</summary>
    public Task WithdrawAsync(string? tenantCode, string invitationId, Caller by, CancellationToken cancellation) => owner.WriteAsync(new Batch()
        .Add("delete from invitations where id = @Id and tenant is not distinct from @Tenant and accepted_at is null", new { Id = invitationId, Tenant = tenantCode })
        .AddAudit(by, "member.invitation_withdrawn", invitationId, new { Tenant = tenantCode }), cancellation);

    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <param name="Link">Shown now and never again.</param>
        public sealed record Invited(string Id, Uri Link, DateTimeOffset ExpiresAt) : Outcome;

        public sealed record Refused(string Field, string Why) : Outcome;
    }
}
