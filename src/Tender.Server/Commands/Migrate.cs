using System.CommandLine;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands;

/// <summary>tender migrate: brings the owner's and every tenant's database up to date, as each start does. Cut off, it goes on where it was.</summary>
internal static class Migrate
{
    public static Command Verb()
    {
        var verb = new Command("migrate", "Brings the owner's and every tenant's database up to date.");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    public static Task<int> RunAsync(CancellationToken cancellation) => WithoutListening.RunAsync(async services =>
    {
        // Opening migrated all it could; asked again, it names those it could not.
        var failed = await services.GetRequiredService<OpenDatabases>().MigrateTenantsAsync(cancellation);
        var all = await services.GetRequiredService<TenantDatabases>().AllAsync(cancellation);
        foreach (var slug in failed) await WithoutListening.SayAsync($"{slug} could not be migrated; the log says why, and it is left as it was");
        await WithoutListening.SayAsync($"{all.Count - failed.Count} of {all.Count} tenants are up to date");
        return failed.Count is 0 ? 0 : 1;
    }, cancellation);
}
