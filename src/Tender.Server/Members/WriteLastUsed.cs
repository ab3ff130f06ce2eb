namespace Tender.Server.Members;

/// <summary>Writes now and then when keys were last used, many at once, so that no request waits for it.</summary>
internal sealed partial class WriteLastUsed(KnownKeys keys, TimeProvider time, ILogger<WriteLastUsed> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryWriteAsync();
        }
        catch (OperationCanceledException)
        {
            // The last uses are not lost by a stop.
            await TryWriteAsync();
        }
    }

    private async Task TryWriteAsync()
    {
        try
        {
            await keys.WriteLastUsedAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            LogNotWritten(e);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "when API keys were last used could not be written; it is tried again")]
    private partial void LogNotWritten(Exception exception);
}
