using Tender.Server.Console;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Tells the frame around a console page who looks, at which tenant, and how much there waits for a person.</summary>
internal sealed class FillConsoleFrame
{
    public async Task RunAsync(HttpContext context, Recognition.Known known)
    {
        if (known.Member is not { } member || context.RequestServices.GetService<CurrentFrame>() is not { } current) return;
        var here = member.Memberships.FirstOrDefault(membership => membership.Tenant == known.Caller.Tenant);
        current.Show(new(
            TenantName: known.Db?.Tenant.Name,
            Mode: known.Caller.Mode,
            UserName: member.Name,
            UserEmail: member.Email,
            Role: here?.Role,
            IsOwner: member.IsOwner,
            Tenants: [.. member.Memberships.Select(membership => new ConsoleFrame.TenantChoice(membership.Tenant, membership.Name, membership == here))],
            Cases: known.Db is null ? 0 : await CountCasesAsync(known.Db, known.Caller, context.RequestAborted)));
    }

    private static Task<int> CountCasesAsync(TenantDb db, Caller caller, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<int>("""
            select count(*)::int from cases c left join payments p on p.id = c.payment_id
            where c.closed_at is null and coalesce(p.mode, @Mode) = @Mode
            """, new { Mode = Hosting.Words.ToWord(caller.Mode) }, cancellation);
}
