namespace Tender.Server.Tenancy;

/// <summary>Soon after the start and hourly, in every tenant's database and the owner's: what was kept long enough is forgotten. Safe on any number of nodes.</summary>
internal sealed partial class ForgetWhatIsOver(
    IEnumerable<KeptFor> rules, OwnerDb owner, TenantDatabases tenants, TimeProvider time, ILogger<ForgetWhatIsOver> log) : BackgroundService
{
    private const int AtOnce = 5_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // A node that is started anew every hour forgets too; its start has more urgent things to do.
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);
    private readonly List<KeptFor> rules = [.. rules];

    /// <summary>All that is over in one database, each kind by itself.</summary>
    public async Task RunAsync(Database db, CancellationToken cancellation)
    {
        var whose = db is TenantDb { Tenant.Code: var code } ? code : "the owner";
        foreach (var rule in rules.Where(rule => rule.IsOwners == db is OwnerDb)) await TryAsync(rule.What, whose, () => ForgetAsync(db, rule, cancellation));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(AfterStart, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            timer.Period = Every;
            await RunAsync(owner, stoppingToken);
            await TryAsync("everything", "all tenants", async () =>
            {
                foreach (var tenant in await tenants.AllAsync(stoppingToken)) await TryAsync("everything", tenant.Code, () => InTenantAsync(tenant.Code, stoppingToken));
            });
        }
    }

    private async Task InTenantAsync(string code, CancellationToken cancellation)
    {
        if (await tenants.FindAsync(code, cancellation) is { } db) await RunAsync(db, cancellation);
    }

    // In portions, so that no caller waits long for a lock.
    private async Task ForgetAsync(Database db, KeptFor rule, CancellationToken cancellation)
    {
        var values = new { before = time.GetUtcNow() - rule.For, AtOnce };
        while (await db.ExecuteAsync(rule.Forget, values, cancellation) is AtOnce)
        {
        }
    }

    // What is in trouble is kept an hour longer, and holds up no other kind and no other database.
    private async Task TryAsync(string what, string whose, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            SayFailed(log, what, whose, fault);
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "Of {What} in the database of {Whose} what is over could not be forgotten; it is in an hour.")]
    private static partial void SayFailed(ILogger log, string what, string whose, Exception fault);
}

/// <summary>How long one kind of row is kept. Told to people in docs/operating/retention.md.</summary>
/// <param name="What">The table.</param>
/// <param name="For">Counted from the time that <paramref name="Forget"/> compares with.</param>
/// <param name="Forget">Takes the oldest <c>@AtOnce</c> rows from <c>@before</c>, locked ones left to whoever has them.</param>
/// <param name="IsOwners">In the owner's database, else in each tenant's.</param>
internal sealed record KeptFor(string What, TimeSpan For, string Forget, bool IsOwners = false);
