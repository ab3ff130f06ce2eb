using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Who holds an invitation's link comes in: with the account they are signed in with, or with a new one for the invited address.</summary>
internal sealed class AcceptInvitation(OwnerDb owner, CreateMember createMember, KnownMembers known, TimeProvider time)
{
    /// <summary>What the link is for; null when it is wrong, used, withdrawn or too old.</summary>
    public async Task<Invitation?> FindAsync(string? token, CancellationToken cancellation)
    {
        if (token is not { Length: > 0 and <= 128 }) return null;
        return await owner.QuerySingleOrDefaultAsync<Invitation>("""
            select i.id, i.email, i.role, i.tenant, t.name as tenant_name, u.display_name as invited_by, a.id as account_id
            from invitations i left join tenants t on t.code = i.tenant left join users u on u.id = i.invited_by
              left join users a on lower(a.email) = lower(i.email)
            where i.token_hash = @Hash and i.accepted_at is null and i.expires_at > @Now
            """, new { Hash = InviteMember.HashOf(token), Now = time.GetUtcNow().UtcDateTime }, cancellation);
    }

    /// <summary>Makes the account for the invited address, and the membership with it.</summary>
    public async Task<Outcome> AsNewAsync(string token, string name, string password, CancellationToken cancellation)
    {
        if (await FindAsync(token, cancellation) is not { } invitation) return new Outcome.Closed();
        var isOwner = invitation.Role is InviteMember.OwnerRole;
        try
        {
            return await createMember.RunAsync(
                invitation.Email, password, name, invitation.Tenant, isOwner ? "admin" : invitation.Role, isOwner, Spend(token), cancellation) switch
            {
                CreateMember.Outcome.Made made => new Outcome.Joined(made.User),
                CreateMember.Outcome.Refused refused => new Outcome.Refused(refused.Field, refused.Why),
                _ => throw new InvalidOperationException("no such outcome"),
            };
        }
        catch (PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.Closed();
        }
    }

    /// <summary>Joins with the account that is signed in.</summary>
    public async Task<Outcome> AsMemberAsync(string token, Member member, CancellationToken cancellation)
    {
        if (await FindAsync(token, cancellation) is not { } invitation) return new Outcome.Closed();
        if (!string.Equals(invitation.Email, member.Email, StringComparison.OrdinalIgnoreCase)) return new Outcome.Refused("email", "This invitation is for somebody else.");

        var batch = Spend(token);
        if (invitation.Tenant is { } tenant) CreateMember.AddMembership(batch, member.UserId, tenant, invitation.Role, by: member.UserId);
        else batch.Add("update users set is_owner = true where id = @UserId", new { member.UserId }).AddAudit(member.UserId, "owner.joined", member.UserId);
        try
        {
            await owner.WriteAsync(batch, cancellation);
        }
        catch (PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.Closed();
        }

        known.Forget(member.UserId);
        return new Outcome.Joined(User: null);
    }

    private Batch Spend(string token) => new Batch().AddSpending(
        "update invitations set accepted_at = @Now where token_hash = @Hash and accepted_at is null and expires_at > @Now",
        new { Now = time.GetUtcNow(), Hash = InviteMember.HashOf(token) });

    /// <param name="TenantName">Null for the installation itself.</param>
    /// <param name="AccountId">The account with the invited address, when there is one: its holder signs in to accept.</param>
    public sealed record Invitation(string Id, string Email, string Role, string? Tenant, string? TenantName, string? InvitedBy, string? AccountId);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <param name="User">Somebody new, to be signed in; null for whoever is signed in.</param>
        public sealed record Joined(User? User) : Outcome;

        public sealed record Refused(string Field, string Why) : Outcome;

        /// <summary>The link counts no more.</summary>
        public sealed record Closed : Outcome;
    }
}
