using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>Hourly, in every tenant's database and the owner's: what was kept long enough is forgotten. Safe on any number of nodes.</summary>
internal sealed partial class ForgetWhatIsOver(
    IEnumerable<KeptFor> rules, OwnerDb owner, TenantDatabases tenants, TimeProvider time, ILogger<ForgetWhatIsOver> log) : BackgroundService
{
    private const int AtOnce = 5_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private readonly List<KeptFor> rules = [.. rules];

    /// <summary>In portions, so that no caller waits long for a lock.</summary>
    public async Task RunAsync(Database db, CancellationToken cancellation)
    {
        foreach (var rule in rules.Where(rule => rule.IsOwners == db is OwnerDb))
        {
            var values = new { before = time.GetUtcNow() - rule.For, AtOnce };
            while (await db.ExecuteAsync(rule.Forget, values, cancellation) is AtOnce)
            {
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync("owner", () => RunAsync(owner, stoppingToken));
            await TryAsync("owner", async () =>
            {
                foreach (var tenant in await tenants.AllAsync(stoppingToken))
                {
                    await TryAsync(tenant.Code, async () =>
                    {
                        if (await tenants.FindAsync(tenant.Code, stoppingToken) is { } db) await RunAsync(db, stoppingToken);
                    });
                }
            });
        }
    }

    // A database in trouble keeps its rows an hour longer, and holds up no other.
    private async Task TryAsync(string whose, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (NpgsqlException fault)
        {
            SayFailed(log, whose, fault);
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "What is over could not be forgotten in the database of {Whose}; it is in an hour.")]
    private static partial void SayFailed(ILogger log, string whose, Exception fault);
}

/// <summary>How long one kind of row is kept. Told to people in docs/operating/retention.md.</summary>
/// <param name="What">The table.</param>
/// <param name="For">Counted from the time that <paramref name="Forget"/> compares with.</param>
/// <param name="Forget">Takes the oldest <c>@AtOnce</c> rows from <c>@before</c>, locked ones left to whoever has them.</param>
/// <param name="IsOwners">In the owner's database, else in each tenant's.</param>
internal sealed record KeptFor(string What, TimeSpan For, string Forget, bool IsOwners = false);
