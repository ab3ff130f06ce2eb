using Tender.Server.Events;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>
/// Health: connections are checked by schedule. Each is leased by moving its time forward, so that two nodes do not both ask, and one
/// that dies leaves its work to the others.
/// </summary>
internal sealed partial class CheckConnectionsWhenDue(CheckConnection check, TimeProvider time, ILogger<CheckConnectionsWhenDue> log) : ITenantWork
{
    private const int AtOnceMax = 8;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public Work Work => WorkKind.Connections;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        while (await TakeAsync(db, cancellation) is { Count: > 0 } due)
        {
            await Task.WhenAll(due.Select(one => CheckAsync(db, one, cancellation)));
        }

        return await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select min(next_check_at) from connections where is_enabled", null, cancellation);
    }

    private Task<IReadOnlyList<Due>> TakeAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return db.QueryAsync<Due>("""
            update connections c set next_check_at = @until
            from (select id from connections where is_enabled and next_check_at <= @now order by next_check_at limit @AtOnceMax for update skip locked) due
            where c.id = due.id
            returning c.id, coalesce(c.last_used_at, c.created_at) as used_at
            """, new { now, until = now + Lease, AtOnceMax }, cancellation);
    }

    private async Task CheckAsync(TenantDb db, Due due, CancellationToken cancellation)
    {
        try
        {
            await check.RunAsync(db, due.Id, time.GetUtcNow() - due.UsedAt, cancellation);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever is wrong with this one, the others are checked, and this one again when its lease is over.
            SayFailed(log, due.Id, fault);
        }
    }

    [LoggerMessage(2101, LogLevel.Error, "Connection {ConnectionId} could not be checked.")]
    private static partial void SayFailed(ILogger log, string connectionId, Exception fault);

    private sealed record Due(string Id, DateTimeOffset UsedAt);
}
