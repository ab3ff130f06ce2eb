using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;
using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>
/// Tells the other nodes, by NOTIFY on the owner's database, which tenants have work here, and hears the same from them: when this
/// node dies before its work is done, another one looks after it as soon as the leases have run out.
/// </summary>
internal sealed partial class TellOtherNodes(OwnerDb owner, WorkSignal signal, TimeProvider time, ILogger<TellOtherNodes> log) : BackgroundService
{
    private const string Channel = "tender_work";

    // A NOTIFY carries at most 8,000 bytes; a code is six and a space.
    private const int TogetherMax = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly string self = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly ConcurrentDictionary<string, bool> raised = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Listen((code, _, _) => raised.TryAdd(code, true));
        return Task.WhenAll(AgainAsync(TellAsync, stoppingToken), AgainAsync(HearAsync, stoppingToken));
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        await Task.Delay(Every, time, cancellation);
        var codes = raised.Keys.Take(TogetherMax).ToArray();
        if (codes.Length is 0) return;
        foreach (var code in codes) raised.TryRemove(code, out _);
        await owner.ExecuteAsync("select pg_notify(@Channel, @Says)", new { Channel, Says = $"{self} {string.Join(' ', codes)}" }, cancellation);
    }

    private async Task HearAsync(CancellationToken cancellation)
    {
        await using var connection = await owner.Source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, heard) => Hear(heard.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellation);
        while (true) await connection.WaitAsync(cancellation);
    }

    private void Hear(string says)
    {
        var words = says.Split(' ');
        if (words[0] == self) return;
        foreach (var code in words.Skip(1)) signal.RaiseFromElsewhere(code);
    }

    private async Task AgainAsync(Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await run(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The owner's database may be away; without it the sweeps alone find the work.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogSilent(log, e);
                await Task.Delay(AfterTrouble, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "other nodes cannot be told or heard; trying again")]
    private static partial void LogSilent(ILogger logger, Exception exception);
}
