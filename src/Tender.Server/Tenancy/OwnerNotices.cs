using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>Who wants to hear of changes in the owner's database.</summary>
/// <param name="Kind">api_key, jwt_secret, member or tenant: the first word of the notice, as the triggers give it.</param>
/// <param name="Heard">Gets the second word: what to forget.</param>
/// <param name="MayHaveMissed">Called when notices may have been lost: everything is to be forgotten.</param>
internal sealed record NoticeListener(string Kind, Action<string> Heard, Action MayHaveMissed);

/// <summary>
/// Hears at once, on every node, what was changed in the owner's database (LISTEN), and tells those who remember it. When the
/// connection breaks it is made again, and everything is forgotten, because meanwhile something may have been said.
/// </summary>
internal sealed partial class OwnerNotices(OwnerDb owner, IEnumerable<NoticeListener> listeners, TimeProvider time, ILogger<OwnerNotices> log) : BackgroundService
{
    private const string Channel = "tender_notices";

    // A connection that died without a word is found out by asking.
    private static readonly TimeSpan AsksEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TriesEvery = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it listens for the first time.</summary>
    public Task Listening => listening.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                LogBroken(e);
                await Task.Delay(TriesEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        await using var connection = await owner.Source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notice) => Tell(notice.Payload);
        await RunAsync(connection, $"listen {Channel}", cancellation);
        foreach (var listener in listeners) listener.MayHaveMissed();
        listening.TrySetResult();
        while (true)
        {
            if (!await connection.WaitAsync(AsksEvery, cancellation)) await RunAsync(connection, "select 1", cancellation);
        }
    }

    private void Tell(string notice)
    {
        if (notice.Split(' ') is not [var kind, var word]) return;
        foreach (var listener in listeners)
        {
            if (listener.Kind == kind) listener.Heard(word);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(502, LogLevel.Warning, "changes made by other nodes are not heard; it is tried again, meanwhile what is remembered holds for seconds")]
    private partial void LogBroken(Exception exception);
}
