using Npgsql;

namespace Tender.Server.Hosting;

/// <summary>
/// Asks the owner's database several times a second whether it is there, on a connection of its own. So an outage is
/// known within two seconds, also one that swallows what is sent to it, and callers hear 503 at once.
/// </summary>
internal sealed partial class DatabaseWatch : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMilliseconds(1500);

    private readonly string connectionString;
    private readonly ILogger<DatabaseWatch> log;
    private NpgsqlConnection? connection;
    private CancellationTokenSource outage = new();

    public DatabaseWatch(Settings settings, ILogger<DatabaseWatch> log)
    {
        this.log = log;
        connectionString = new NpgsqlConnectionStringBuilder(settings.Database)
        {
            Pooling = false,
            Timeout = 2,
            CommandTimeout = 2,
            CancellationTimeout = -1,
            ApplicationName = "tender watch",
        }.ConnectionString;
    }

    /// <summary>As of the last question.</summary>
    public bool IsUp => !outage.IsCancellationRequested;

    /// <summary>Cancelled when the database that is up now goes away.</summary>
    public CancellationToken Outage => Volatile.Read(ref outage).Token;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var up = await AnswersAsync(stoppingToken);
            if (up && !IsUp)
            {
                Volatile.Write(ref outage, new());
                LogBack();
            }
            else if (!up && IsUp)
            {
                LogGone();
                await outage.CancelAsync();
            }
            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        connection?.Dispose();
        outage.Dispose();
        base.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        var answer = AskTwiceAsync();
        try
        {
            return await answer.WaitAsync(AnswersWithin, cancellation);
        }
        catch (TimeoutException)
        {
            // A connection that hangs is left to itself: waiting for its end is what must not happen.
            connection = null;
            return false;
        }
        catch (OperationCanceledException)
        {
            return IsUp;
        }
    }

    // The server may have closed this connection alone; one that it opens anew counts as an answer.
    private async Task<bool> AskTwiceAsync() => await AskAsync(connection) || await AskAsync(open: null);

    private async Task<bool> AskAsync(NpgsqlConnection? open)
    {
        try
        {
            if (open is null)
            {
                open = new NpgsqlConnection(connectionString);
                await open.OpenAsync(CancellationToken.None);
            }
            await using var command = new NpgsqlCommand("select 1", open);
            await command.ExecuteScalarAsync(CancellationToken.None);
            connection = open;
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException)
        {
            if (open is not null) await open.DisposeAsync();
            return false;
        }
    }

    [LoggerMessage(110, LogLevel.Error, "the database does not answer; requests are answered 503 until it does")]
    private partial void LogGone();

    [LoggerMessage(111, LogLevel.Information, "the database answers again")]
    private partial void LogBack();
}
