using Tender.Domain.Amounts;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The owner adds a tenant, and gets a link for whoever is to manage it.</summary>
internal sealed class AddTenant(OwnerDb owner, CreateTenant create, InviteMember invite)
{
    public const int NameCharsMax = 200;
    private static readonly string[] Plans = ["free", "starter", "pro", "business"];

    public async Task<Outcome> RunAsync(string name, string currency, string plan, string adminEmail, Caller by, CancellationToken cancellation)
    {
        if (name.Trim() is not { Length: > 0 and <= NameCharsMax } called || TenantSlug.Of(called) is not { } slug)
            return new Outcome.Refused("name", $"1 to {NameCharsMax} characters, with a letter from a to z or a digit among them.");
        if (!Currency.TryParse(currency, out var known)) return new Outcome.Refused("currency", "This is no known currency.");
        if (!Plans.Contains(plan)) return new Outcome.Refused("plan", "There is no such plan.");
        if (await owner.QuerySingleOrDefaultAsync<bool>("select exists (select 1 from tenants where slug = @slug and state <> 'creating')", new { slug }, cancellation))
            return new Outcome.Refused("name", $"There is a tenant \"{slug}\" already.");

        // Before the tenant, so that a mistyped address makes nothing.
        if (!System.Net.Mail.MailAddress.TryCreate(adminEmail.Trim(), out _)) return new Outcome.Refused("email", "This is no mail address.");
        var tenant = await create.RunAsync(slug, called, known.Code, plan, cancellation);
        await owner.WriteAsync(new Batch().AddAudit(by, "tenant.created", tenant.Code, new { Name = called, Plan = plan }), cancellation);
        return await invite.RunAsync(tenant.Code, adminEmail, "admin", by, cancellation) switch
        {
            InviteMember.Outcome.Invited invited => new Outcome.Added(tenant, invited.Link),
            InviteMember.Outcome.Refused refused => new Outcome.Refused(refused.Field, refused.Why),
            _ => throw new InvalidOperationException("no such outcome"),
        };
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <param name="Invitation">For its admin; shown once.</param>
        public sealed record Added(Tenant Tenant, Uri Invitation) : Outcome;

        /// <param name="Field">name, currency, plan or email.</param>
        public sealed record Refused(string Field, string Why) : Outcome;
    }
}
