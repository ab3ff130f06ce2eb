using Npgsql;
using Tender.Server.Tenancy;

namespace Tender.Server.Hosting;

/// <summary>Hourly: keys whose day is over are forgotten; the same key is then a new call. Safe on any number of nodes.</summary>
internal sealed partial class ForgetIdempotencyKeys(TenantDatabases tenants, TimeProvider time, ILogger<ForgetIdempotencyKeys> log) : BackgroundService
{
    private const int AtOnce = 5_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>In portions, so that no caller waits long for a lock.</summary>
    public async Task RunAsync(TenantDb db, CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - Idempotency.Kept;
        while (await db.ExecuteAsync("""
            delete from idempotency_keys where (call, key) in (
              select call, key from idempotency_keys where created_at < @before order by created_at limit @AtOnce for update skip locked)
            """, new { before, AtOnce }, cancellation) is AtOnce)
        {
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var tenant in await tenants.AllAsync(stoppingToken))
                {
                    if (await tenants.FindAsync(tenant.Code, stoppingToken) is { } db) await RunAsync(db, stoppingToken);
                }
            }
            catch (NpgsqlException fault)
            {
                SayFailed(log, fault);
            }
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "Old idempotency keys could not be forgotten; they are in an hour.")]
    private static partial void SayFailed(ILogger log, Exception fault);
}
