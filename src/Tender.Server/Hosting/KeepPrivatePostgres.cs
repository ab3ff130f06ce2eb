namespace Tender.Server.Hosting;

/// <summary>Starts the private PostgreSQL again when it died under the server that uses it.</summary>
internal sealed partial class KeepPrivatePostgres(PrivatePostgres postgres, DatabaseWatch watch, TimeProvider time, ILogger<KeepPrivatePostgres> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    // After each try, also one that went well: a server that dies at once is not started in circles. The last pause is
    // repeated without end: a disk that is full now may have room in an hour.
    private static readonly TimeSpan[] Pauses = [.. new[] { 1, 2, 5, 10, 30, 60 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    // What ran this long is well; its next death is a new story.
    private static readonly TimeSpan Lasted = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (tries, last) = (0, time.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (watch.IsUp || stoppingToken.IsCancellationRequested) continue;
            if (time.GetElapsedTime(last) > Lasted) tries = 0;
            var pause = Pauses[Math.Min(tries, Pauses.Length - 1)];
            if (!await TryAsync(pause, stoppingToken)) continue;
            (tries, last) = (tries + 1, time.GetTimestamp());
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // False when its process is there: it recovers, or is held up, and a start would not help.
    private async Task<bool> TryAsync(TimeSpan pause, CancellationToken cancellation)
    {
        try
        {
            if (!await postgres.StartAgainAsync(cancellation)) return false;
            LogStarted();
        }
        catch (Exception e) when (e is CannotStartException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            LogNotStarted((int)pause.TotalSeconds, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        return true;
    }

    [LoggerMessage(112, LogLevel.Warning, "the private database had ended; it was started again")]
    private partial void LogStarted();

    [LoggerMessage(113, LogLevel.Error, "the private database has ended and does not start; the next try is in {Seconds} s: {Why}")]
    private partial void LogNotStarted(int seconds, string why);
}
