using System.Collections.Concurrent;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>Counts how often a link's page is opened, and writes it now and then, many at once, so that no payer waits for it.</summary>
internal sealed partial class CountVisits(TenantDatabases tenants, TimeProvider time, ILogger<CountVisits> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Tenant, string Link, DateOnly Day), long> visits = new();

    public void Add(string tenantCode, string linkId) => Add((tenantCode, linkId, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)), 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAllAsync();
        }
        catch (OperationCanceledException)
        {
            // The last visits are not lost by a stop.
            await WriteAllAsync();
        }
    }

    private void Add((string, string, DateOnly) visit, long count) => visits.AddOrUpdate(visit, static (_, more) => more, static (_, so, more) => so + more, count);

    private async Task WriteAllAsync()
    {
        foreach (var tenant in visits.Keys.GroupBy(visit => visit.Tenant).ToList())
        {
            var taken = tenant.Select(visit => (Visit: visit, Count: visits.TryRemove(visit, out var count) ? count : 0)).OrderBy(one => one.Visit.Link, StringComparer.Ordinal).ToList();
            try
            {
                if (await tenants.FindAsync(tenant.Key, CancellationToken.None) is { } db) await WriteAsync(db, taken);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
            {
                foreach (var (visit, count) in taken) Add(visit, count);
                LogNotWritten(tenant.Key, e);
            }
        }
    }

    private static Task WriteAsync(TenantDb db, List<((string Tenant, string Link, DateOnly Day) Visit, long Count)> taken) => db.WriteAsync(new Batch().Add("""
        insert into payment_link_days (link_id, day, visits) select v.id, v.day, v.count from unnest(@Ids, @Days, @Counts) v (id, day, count)
        on conflict (link_id, day) do update set visits = payment_link_days.visits + excluded.visits
        """, new
    {
        Ids = taken.Select(one => one.Visit.Link).ToArray(),
        Days = taken.Select(one => one.Visit.Day).ToArray(),
        Counts = taken.Select(one => one.Count).ToArray(),
    }), CancellationToken.None);

    [LoggerMessage(3201, LogLevel.Warning, "the visits of links of {Tenant} could not be written; it is tried again")]
    private partial void LogNotWritten(string tenant, Exception exception);
}
