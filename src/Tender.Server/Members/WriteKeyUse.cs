namespace Tender.Server.Members;

/// <summary>Writes now and then when keys were last used and how often, many at once, so that no request waits for it.</summary>
internal sealed partial class WriteKeyUse(KnownKeys keys, TimeProvider time, ILogger<WriteKeyUse> log) : BackgroundService
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
            await keys.WriteUseAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            LogNotWritten(e);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "the use of API keys could not be written; it is tried again")]
    private partial void LogNotWritten(Exception exception);
}
