using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Tender.Server.Hosting;

/// <summary>The steps of a private PostgreSQL: make its cluster once, start, look, stop. Callers hold the gate.</summary>
internal sealed class PrivatePostgresCluster(PrivatePostgresFolders folders, PostgresPrograms programs)
{
    public const string Superuser = "tender";

    // Backends of a killed server need a moment to see that it is gone; until then a new one refuses to start.
    private static readonly TimeSpan LeftoversGoWithin = TimeSpan.FromSeconds(20);

    // After a crash it first replays what it had promised.
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public PostgresPrograms Programs => programs;

    /// <summary>Makes the cluster unless it is there, and answers with the superuser's password.</summary>
    public async Task<string> EnsureMadeAsync(bool durably, CancellationToken cancellation)
    {
        if (Directory.Exists(folders.Cluster)) return await ReadPasswordAsync(cancellation);

        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        await PrivateFile.WriteAsync(folders.Password, password, cancellation);
        if (Directory.Exists(folders.NewCluster)) Directory.Delete(folders.NewCluster, recursive: true);
        await InitdbAsync(password, durably, cancellation);
        await File.AppendAllTextAsync(Path.Combine(folders.NewCluster, "postgresql.conf"), "\ninclude = 'tender.conf'\n", cancellation);
        // Renamed when whole, so that a start that was killed half-way begins anew.
        Directory.Move(folders.NewCluster, folders.Cluster);
        return password;
    }

    /// <summary>Starts it unless it runs, and waits until it answers: one that outlived a killed Tender may be recovering.</summary>
    public async Task EnsureRunningAsync(string connectionString, CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            if (await IsRunningAsync(cancellation))
            {
                if (await AnswersAsync(connectionString, cancellation)) return;
                if (Stopwatch.GetElapsedTime(began) > AnswersWithin) throw DidNotStart();
                await Task.Delay(LookAgain, cancellation);
            }
            else
            {
                await StartAsync(cancellation);
            }
        }
    }

    /// <summary>Starts it when its process is gone; false when there is one, whatever it does.</summary>
    public async Task<bool> StartIfGoneAsync(CancellationToken cancellation)
    {
        if (await IsRunningAsync(cancellation)) return false;
        await StartAsync(cancellation);
        return true;
    }

    public async Task StopAsync(string mode)
    {
        if (!await IsRunningAsync(CancellationToken.None)) return;
        await PgCtlAsync(["stop", "--silent", "--wait", "--timeout=60", $"--mode={mode}"], CancellationToken.None);
    }

    /// <summary>The server's process, when its cluster names one.</summary>
    public int? ProcessId
    {
        get
        {
            try
            {
                return int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private string PidFile => Path.Combine(folders.Cluster, "postmaster.pid");

    // pg_ctl would believe any process with that id, a dead one that nobody has buried included. PostgreSQL works in its
    // cluster's folder, and only the living work anywhere. Asked as its own user: in a container root may not look.
    private async Task<bool> IsRunningAsync(CancellationToken cancellation)
    {
        if (ProcessId is not { } id) return false;
        var folder = await ChildProgram.RunAsync("readlink", [$"/proc/{id}/cwd"], folders.User, cancellation);
        return folder.Well && folder.Output == folders.Cluster;
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folders.Cluster, "tender.conf"), Configuration(), cancellation);
        var patience = File.Exists(PidFile) ? LeftoversGoWithin : TimeSpan.Zero;
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            await DisownPidAsync(cancellation);
            var start = await PgCtlAsync(["start", "--silent", "--wait", "--timeout=120", $"--log={folders.StartLog}"], cancellation);
            if (start.Well) return;
            if (Stopwatch.GetElapsedTime(began) > patience) throw DidNotStart();
            await Task.Delay(LookAgain, cancellation);
        }
    }

    // PostgreSQL minds the id of a process that is gone. Not one that died unburied, nor one that was given to another
    // program meanwhile, as happens in a container that starts again: it would give way to a server that is none. So that
    // id is replaced by one that no process can have (Linux: below 2^22); the rest of the file stays, by which PostgreSQL
    // knows whether old backends still hold its memory.
    private async Task DisownPidAsync(CancellationToken cancellation)
    {
        if (ProcessId is null || await IsRunningAsync(cancellation)) return;
        var lines = await File.ReadAllLinesAsync(PidFile, cancellation);
        await File.WriteAllLinesAsync(PidFile, ["4194304", .. lines[1..]], cancellation);
    }

    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is not PostgresErrorCodes.CannotConnectNow)
        {
            throw new CannotStartException($"The private database refuses Tender: {e.MessageText}.", e);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private CannotStartException DidNotStart() => new($"The private database in {folders.Home} did not start: {LastWords()}");

    private async Task<string> ReadPasswordAsync(CancellationToken cancellation)
    {
        try
        {
            return (await File.ReadAllTextAsync(folders.Password, cancellation)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The private database's password in {folders.Password} cannot be read; put it back from a copy, or run Tender as the user who made it.", e);
        }
    }

    private async Task InitdbAsync(string password, bool durably, CancellationToken cancellation)
    {
        var passwordFile = Path.Combine(folders.Home, "initdb.password");
        await PrivateFile.WriteAsync(passwordFile, password, cancellation);
        if (folders.User is { } user) await ChildProgram.RunAsync("chown", [$"{user.Id}:{user.GroupId}", passwordFile], user: null, cancellation);
        List<string> arguments =
        [
            "--pgdata", folders.NewCluster, "--username", Superuser, "--pwfile", passwordFile, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C", "--data-checksums",
        ];
        if (!durably) arguments.Add("--no-sync");
        var made = await ChildProgram.RunAsync(programs.Initdb, arguments, folders.User, cancellation);
        File.Delete(passwordFile);
        if (!made.Well) throw new CannotStartException($"The private database could not be made in {folders.Home}: {made.Says}");
    }

    // Written at every start: the socket's folder may have moved with the data folder. fsync and synchronous_commit keep
    // their default, on: no success is answered that is not on disk.
    private string Configuration() => $"""
        # Written by Tender at every start; settings of your own go into postgresql.auto.conf (alter system).
        listen_addresses = ''
        port = 5432
        unix_socket_directories = '{folders.Sockets.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        max_connections = 200
        shared_buffers = 128MB
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        logging_collector = on
        log_directory = 'log'
        log_filename = 'postgresql-%a.log'
        log_truncate_on_rotation = on
        log_rotation_age = 1d
        log_rotation_size = 0
        log_min_error_statement = panic

        """;

    private Task<ChildProgram.Ended> PgCtlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        ChildProgram.RunAsync(programs.PgCtl, [.. arguments, "--pgdata", folders.Cluster], folders.User, cancellation);

    private string LastWords()
    {
        var logs = Directory.EnumerateFiles(folders.Home, "start.log").Concat(
            Directory.Exists(Path.Combine(folders.Cluster, "log")) ? Directory.EnumerateFiles(Path.Combine(folders.Cluster, "log")) : []);
        var newest = logs.OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
        return newest is null ? "it left no log." : $"{File.ReadLines(newest).LastOrDefault()} (log: {newest})";
    }
}
