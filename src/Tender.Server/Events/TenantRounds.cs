using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>
/// Runs one kind of work over all tenants, each when it is due: at once after a signal, at the time the work named, and from time to
/// time anyhow, so that what every signal missed is found too. A tenant whose database is in trouble holds up no other.
/// </summary>
internal sealed partial class TenantRounds(ITenantWork work, TenantDatabases tenants, TimeProvider time, ILogger log) : IDisposable
{
    private const int TenantsAtOnce = 8;
    private static readonly TimeSpan ListEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEveryMin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TakeOverAfter = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan FailedMax = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Turn> turns = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly List<Task> running = [];
    private int busy;
    private DateTimeOffset nextList = DateTimeOffset.MinValue;

    private int AtOnce => TenantsAtOnce * work.RoundsAtOnce;

    // One look a second over all idle tenants: a thousand of them cost as little as one.
    private TimeSpan LookEvery => TimeSpan.FromSeconds(Math.Max(LookEveryMin.TotalSeconds, turns.Count));

    /// <summary>The tenant has something to do at that time; it is no concern of ours when it is other work.</summary>
    public void At(string tenantCode, Work due, DateTimeOffset dueAt)
    {
        if (due == work.Work) LookAt(tenantCode, dueAt);
    }

    /// <summary>Another node does what the tenant has to do; should that node die, its leases have run out by then.</summary>
    public void Later(string tenantCode) => LookAt(tenantCode, time.GetUtcNow() + TakeOverAfter);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await ListTenantsWhenDueAsync(cancellation);
            var next = StartDue(cancellation);
            var wait = next - time.GetUtcNow();
            if (wait > TimeSpan.Zero) await ((Task)wake.WaitAsync(wait < ListEvery ? wait : ListEvery, cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(Running());
    }

    public void Dispose() => wake.Dispose();

    private void LookAt(string tenantCode, DateTimeOffset at)
    {
        lock (gate)
        {
            // Of one that was never looked at nobody knows what waits there: now, whatever the signal says.
            if (!turns.TryGetValue(tenantCode, out var turn)) (turns[tenantCode], at) = (turn = new(), time.GetUtcNow());
            if (at >= turn.DueAt) return;
            turn.DueAt = at;
            Wake();
        }
    }

    private async Task ListTenantsWhenDueAsync(CancellationToken cancellation)
    {
        if (time.GetUtcNow() < nextList) return;
        nextList = time.GetUtcNow() + ListEvery;
        try
        {
            var known = (await tenants.AllAsync(cancellation)).Select(tenant => tenant.Code).ToHashSet(StringComparer.Ordinal);
            lock (gate)
            {
                foreach (var gone in turns.Where(turn => !known.Contains(turn.Key) && turn.Value.Rounds is 0).Select(turn => turn.Key).ToList()) turns.Remove(gone);
            }

            foreach (var code in known.Where(code => !IsKnown(code))) LookAt(code, time.GetUtcNow());
        }
#pragma warning disable CA1031 // The owner's database may be away; the tenants already known go on.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNoList(log, work.GetType().Name, e);
        }
    }

    private bool IsKnown(string code)
    {
        lock (gate) return turns.ContainsKey(code);
    }

    /// <summary>Starts what is due while there are hands; answers when to look again.</summary>
    private DateTimeOffset StartDue(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            running.RemoveAll(task => task.IsCompleted);
            foreach (var (code, turn) in turns.Where(turn => turn.Value.DueAt <= now && MayStart(turn.Value)).OrderBy(turn => turn.Value.DueAt).ToList())
            {
                if (busy >= AtOnce) break;
                (turn.Rounds, turn.DueAt) = (turn.Rounds + 1, DateTimeOffset.MaxValue);
                busy++;
                running.Add(RunOneAsync(code, turn, cancellation));
            }

            var waiting = turns.Values.Where(MayStart).Select(turn => turn.DueAt).DefaultIfEmpty(nextList).Min();
            return busy >= AtOnce || waiting > nextList ? nextList : waiting;
        }
    }

    private bool MayStart(Turn turn) => turn.Rounds < work.RoundsAtOnce;

    private async Task RunOneAsync(string code, Turn turn, CancellationToken cancellation)
    {
        await Task.Yield();
        var began = time.GetUtcNow();
        var (next, isWell) = (began + LookEvery, true);
        try
        {
            if (await tenants.FindAsync(code, cancellation) is { } db && await work.RunAsync(db, cancellation) is { } due && due < next) next = due;
        }
#pragma warning disable CA1031 // One tenant's trouble is noted and tried again; the worker lives on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!cancellation.IsCancellationRequested) LogFailed(log, work.GetType().Name, code, e);
            isWell = false;
        }

        Finished(turn, began, isWell ? next : null);
    }

    // Woken in any case: what was asked for meanwhile is due already, and others wait for a hand.
    private void Finished(Turn turn, DateTimeOffset began, DateTimeOffset? well)
    {
        lock (gate)
        {
            turn.Rounds--;
            busy--;
            // One trouble fails all that run beside each other, and is one.
            if (began >= turn.TroubleAt) (turn.Failures, turn.TroubleAt) = well is null ? (turn.Failures + 1, time.GetUtcNow()) : (0, turn.TroubleAt);
            var next = well ?? time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(FailedMax.TotalSeconds, 1 << Math.Min(turn.Failures, 10)));
            if (next < turn.DueAt) turn.DueAt = next;
            Wake();
        }
    }

    private void Wake()
    {
        if (wake.CurrentCount is 0) wake.Release();
    }

    private Task[] Running()
    {
        lock (gate) return [.. running];
    }

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "{Work} failed for tenant {Tenant}; it is tried again")]
    private static partial void LogFailed(ILogger logger, string work, string tenant, Exception exception);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "{Work} could not list the tenants")]
    private static partial void LogNoList(ILogger logger, string work, Exception exception);

    private sealed class Turn
    {
        public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MaxValue;

        /// <summary>How many of them run.</summary>
        public int Rounds { get; set; }

        public int Failures { get; set; }

        /// <summary>When a round was last over without success.</summary>
        public DateTimeOffset TroubleAt { get; set; } = DateTimeOffset.MinValue;
    }
}
