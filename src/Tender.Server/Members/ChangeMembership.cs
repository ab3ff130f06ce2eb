using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Gives a member another role, or takes the membership away; at once for every session. A tenant keeps at least one admin.</summary>
internal sealed class ChangeMembership(OwnerDb owner, KnownMembers known)
{
    // Two admins who demote each other at once are taken one after the other, by the tenant's row.
    private const string Alone = "select 1 from tenants where code = @tenantCode for update";

    private const string OtherAdmin = """
        (m.role <> 'admin' or exists (select 1 from memberships o where o.tenant = m.tenant and o.role = 'admin' and o.user_id <> m.user_id))
        """;

    /// <param name="role">viewer, operator or admin; null removes the member.</param>
    public async Task<Outcome> RunAsync(string tenantCode, string userId, string? role, Caller by, CancellationToken cancellation)
    {
        if (role is not null && !CreateMember.Roles.Contains(role)) return new Outcome.NotFound();
        var change = role is null
            ? $"delete from memberships m where m.user_id = @userId and m.tenant = @tenantCode and {OtherAdmin}"
            : $"update memberships m set role = @role where m.user_id = @userId and m.tenant = @tenantCode and (@role = 'admin' or {OtherAdmin})";
        try
        {
            await owner.WriteAsync(new Batch().Add(Alone, new { tenantCode }).AddSpending(change, new { userId, tenantCode, role })
                .AddAudit(by, role is null ? "member.removed" : "member.role_changed", userId, new { Tenant = tenantCode, Role = role }), cancellation);
        }
        catch (PostgresException e) when (Spending.WasSpent(e))
        {
            return await owner.QuerySingleOrDefaultAsync<string>("select role from memberships where user_id = @userId and tenant = @tenantCode", new { userId, tenantCode }, cancellation) is null
                ? new Outcome.NotFound()
                : new Outcome.LastAdmin();
        }

        known.Forget(userId);
        return new Outcome.Changed();
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Changed : Outcome;

        /// <summary>Without this one nobody could manage the tenant.</summary>
        public sealed record LastAdmin : Outcome;

        public sealed record NotFound : Outcome;
    }
}
