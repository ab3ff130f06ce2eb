namespace Tender.Simulators.Clock;

/// <summary>Work that is due at a time of the simulator's clock: expiries, late refunds, the next try of a webhook.</summary>
internal sealed partial class Schedule(SimulatorClock clock, ILogger<Schedule> log) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Action, DateTimeOffset> waiting = new();
    private readonly SemaphoreSlim changed = new(0);

    public void In(TimeSpan delay, Action work) => At(clock.GetUtcNow() + delay, work);

    public void At(DateTimeOffset due, Action work)
    {
        lock (gate) waiting.Enqueue(work, due);
        changed.Release();
    }

    /// <summary>Runs what is due now, on the caller's thread, so that a test that moves the clock sees the effects.</summary>
    public void RunDue()
    {
        while (TakeDue() is { } work)
        {
            try
            {
                work();
            }
            catch (Exception broken)
            {
                // One broken piece of work must not end the clock for all others.
                WorkBroke(log, broken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            RunDue();
            await SleepAsync(stoppingToken);
        }
    }

    public override void Dispose()
    {
        changed.Dispose();
        base.Dispose();
    }

    private async Task SleepAsync(CancellationToken stopping)
    {
        try
        {
            await changed.WaitAsync(UntilNext(), stopping);
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private TimeSpan UntilNext()
    {
        lock (gate)
        {
            if (!waiting.TryPeek(out _, out var due)) return LongestSleep;
            var left = due - clock.GetUtcNow();
            return left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestSleep ? left : LongestSleep;
        }
    }

    private Action? TakeDue()
    {
        lock (gate)
        {
            var isDue = waiting.TryPeek(out _, out var due) && due <= clock.GetUtcNow();
            return isDue ? waiting.Dequeue() : null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Scheduled work broke")]
    private static partial void WorkBroke(ILogger logger, Exception exception);
}
