using System.CommandLine;
using Tender.Server.Hosting;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands;

/// <summary>tender keys rotate: new keys for what is sealed, while the servers go on.</summary>
internal static class Keys
{
    public static Command Verb()
    {
        var tenant = new Option<string?>("--tenant") { Description = "The slug of one tenant; every tenant without it." };
        var rotate = new Command("rotate", "Makes new keys: the pair that browsers seal for, and the tenants' own. Running servers seal what is stored anew within a minute.") { tenant };
        rotate.SetAction((words, cancellation) => WithoutListening.RunAsync(services => RotateAsync(services, words.GetValue(tenant), cancellation), cancellation));
        return new Command("keys", "Keys: rotate.") { rotate };
    }

    private static async Task<int> RotateAsync(IServiceProvider services, string? slug, CancellationToken cancellation)
    {
        var tenants = (await services.GetRequiredService<TenantDatabases>().AllAsync(cancellation)).Where(t => slug is null || t.Slug == slug).ToList();
        if (slug is not null && tenants.Count is 0) throw new CannotStartException($"There is no tenant {slug}; see: tender tenants list.");

        if (slug is null) await WithoutListening.SayAsync($"browsers\t{(await services.GetRequiredService<EncryptionKeys>().RotateAsync(cancellation)).Kid}");
        foreach (var tenant in tenants)
        {
            var version = await services.GetRequiredService<TenantKeys>().RotateAsync(tenant.Code, cancellation);
            await WithoutListening.SayAsync($"{tenant.Slug}\tversion {version}");
        }

        return 0;
    }
}
