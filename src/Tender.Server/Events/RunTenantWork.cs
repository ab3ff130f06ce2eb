using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>Does what waits in the tenants' databases, each kind of work in rounds of its own: mail that hangs delays mail and nothing else.</summary>
internal sealed class RunTenantWork(
    IEnumerable<ITenantWork> works, TenantDatabases tenants, WorkSignal signal, TimeProvider time, ILogger<RunTenantWork> log) : BackgroundService
{
    private readonly List<TenantRounds> rounds = [.. works.Select(work => new TenantRounds(work, tenants, time, log))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var round in rounds) signal.Listen(round.At, round.Later);
        return Task.WhenAll(rounds.Select(round => Task.Run(() => round.RunAsync(stoppingToken), CancellationToken.None)));
    }

    public override void Dispose()
    {
        foreach (var round in rounds) round.Dispose();
        base.Dispose();
    }
}
