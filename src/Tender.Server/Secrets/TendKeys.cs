using Npgsql;

namespace Tender.Server.Secrets;

/// <summary>Hourly: a new key pair for browsers when the old one has served its time. Safe on any number of nodes.</summary>
internal sealed partial class TendKeys(EncryptionKeys keys, TimeProvider time, ILogger<TendKeys> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RotateWhenDueAsync(stoppingToken);
            }
            catch (NpgsqlException fault)
            {
                SayFailed(log, fault);
            }
        }
    }

    [LoggerMessage(2002, LogLevel.Warning, "Keys could not be tended; they are in an hour.")]
    private static partial void SayFailed(ILogger log, Exception fault);
}
