using System.CommandLine;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands;

/// <summary>tender audit verify: whether every audit is as it was written.</summary>
internal static class Audit
{
    public static Command Verb()
    {
        var verify = new Command("verify", "Walks the audit of the owner and of every tenant, and names the first line that is not as it was written.");
        verify.SetAction((_, cancellation) => WithoutListening.RunAsync(services => VerifyAsync(services, cancellation), cancellation));
        return new Command("audit", "The audit: verify.") { verify };
    }

    private static async Task<int> VerifyAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var tenants = services.GetRequiredService<TenantDatabases>();
        var isWhole = await SayAsync("owner", services.GetRequiredService<OwnerDb>(), cancellation);
        foreach (var tenant in await tenants.AllAsync(cancellation))
        {
            if (await tenants.FindAsync(tenant.Code, cancellation) is { } db) isWhole &= await SayAsync(tenant.Slug, db, cancellation);
        }

        return isWhole ? 0 : 1;
    }

    private static async Task<bool> SayAsync(string whose, Database db, CancellationToken cancellation)
    {
        var (isWhole, says) = await VerifyAudit.RunAsync(db, cancellation) switch
        {
            VerifyAudit.Outcome.Whole { Lines: var lines } => (true, $"whole, {lines} lines"),
            VerifyAudit.Outcome.Broken { Seq: var seq } => (false, $"BROKEN at line {seq}: it, or the line before it, is not as it was written"),
            var other => throw new Domain.BrokenRuleException($"no words for {other.GetType().Name}"),
        };
        await WithoutListening.SayAsync($"{whose}\t{says}");
        return isWhole;
    }
}
