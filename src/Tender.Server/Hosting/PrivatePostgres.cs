using System.Globalization;
using Npgsql;

namespace Tender.Server.Hosting;

/// <summary>
/// A PostgreSQL of Tender's own, reached only through a socket in a folder that only its user can enter. Several
/// processes may share one (a server and a command beside it): the first starts it, the last one out stops it, and one
/// that outlived a killed Tender is taken over.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const int RemoveTries = 20;

    private readonly PrivatePostgresFolders folders;
    private readonly PostgresPrograms programs;
    private readonly bool temporary;
    private FileStream? inUse;

    private PrivatePostgres(PrivatePostgresFolders folders, PostgresPrograms programs, bool temporary, string connectionString)
    {
        this.folders = folders;
        this.programs = programs;
        this.temporary = temporary;
        ConnectionString = connectionString;
    }

    /// <summary>For the superuser tender and the maintenance database postgres.</summary>
    public string ConnectionString { get; }

    /// <summary>The folder with PostgreSQL's own programs, for those who also need psql or pg_dump.</summary>
    public string Programs => programs.Folder;

    /// <summary>The server's process.</summary>
    public int? ProcessId => new PrivatePostgresCluster(folders, programs).ProcessId;

    /// <summary>Starts it, or joins the one that runs on this data folder.</summary>
    /// <exception cref="CannotStartException">Its programs are missing, or its folder is not usable.</exception>
    public static Task<PrivatePostgres> StartAsync(string dataFolder, CancellationToken cancellation = default) =>
        StartAsync(dataFolder, temporary: false, cancellation);

    /// <summary>One for a test run: as durable while it runs, made quicker, gone with its folder at the end.</summary>
    public static async Task<PrivatePostgres> StartTemporaryAsync(CancellationToken cancellation = default)
    {
        await RemoveAbandonedAsync(cancellation);
        var folder = Directory.CreateDirectory(Path.Combine(TemporaryParent, Path.GetRandomFileName()));
        return await StartAsync(folder.FullName, temporary: true, cancellation);
    }

    private static string TemporaryParent => Path.Combine(Path.GetTempPath(), $"tender-temporary-{Environment.UserName}");

    // A test run that was killed leaves its server behind; the next run clears up. Its lock tells it from one in use.
    private static async Task RemoveAbandonedAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(TemporaryParent);
        foreach (var folder in Directory.EnumerateDirectories(TemporaryParent))
        {
            var places = await PrivatePostgresFolders.PrepareAsync(folder, cancellation);
            using var gate = FileLock.TryExclusive(places.Gate);
            if (gate is null || !File.Exists(places.InUse)) continue;
            using var nobody = FileLock.TryExclusive(places.InUse);
            if (nobody is null) continue;
            try
            {
                await new PrivatePostgres(places, await PostgresPrograms.FindAsync(onlyVersion: null, cancellation), temporary: true, "").StopAndRemoveAsync();
            }
            catch (IOException)
            {
                // It is still writing its last files; the run after this one finds it at rest.
            }
        }
    }

    private static async Task<PrivatePostgres> StartAsync(string dataFolder, bool temporary, CancellationToken cancellation)
    {
        var places = await PrivatePostgresFolders.PrepareAsync(dataFolder, cancellation);
        using var gate = await FileLock.ExclusiveAsync(places.Gate, cancellation);
        var cluster = new PrivatePostgresCluster(places, await PostgresPrograms.FindAsync(MadeBy(places), cancellation));
        var password = await cluster.EnsureMadeAsync(durably: !temporary, cancellation);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = places.Sockets,
            Username = PrivatePostgresCluster.Superuser,
            Password = password,
            Database = "postgres",
        };
        await cluster.EnsureRunningAsync(connection.ConnectionString, cancellation);
        return new(places, cluster.Programs, temporary, connection.ConnectionString) { inUse = FileLock.Shared(places.InUse) };
    }

    private static int? MadeBy(PrivatePostgresFolders folders)
    {
        var file = Path.Combine(folders.Cluster, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Starts it again when its process is gone, unless somebody else has just done so.</summary>
    /// <returns>Whether it had to be started.</returns>
    /// <exception cref="CannotStartException">It does not start.</exception>
    internal async Task<bool> StartAgainAsync(CancellationToken cancellation)
    {
        using var gate = await FileLock.ExclusiveAsync(folders.Gate, cancellation);
        return await new PrivatePostgresCluster(folders, programs).StartIfGoneAsync(cancellation);
    }

    /// <summary>Leaves it; stops it when nobody else uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (inUse is null) return;
        using var gate = await FileLock.ExclusiveAsync(folders.Gate, CancellationToken.None);
        await inUse.DisposeAsync();
        inUse = null;
        using var nobody = FileLock.TryExclusive(folders.InUse);
        if (nobody is null) return;
        if (temporary) await StopAndRemoveAsync();
        else await StopAsync();
    }

    private async Task StopAsync()
    {
        await new PrivatePostgresCluster(folders, programs).StopAsync("fast");
        if (!folders.Sockets.StartsWith(folders.Home, StringComparison.Ordinal)) Directory.Delete(folders.Sockets, recursive: true);
    }

    private async Task StopAndRemoveAsync()
    {
        await new PrivatePostgresCluster(folders, programs).StopAsync("immediate");
        await RemoveAsync(folders.DataFolder);
        if (!folders.Home.StartsWith(folders.DataFolder, StringComparison.Ordinal)) await RemoveAsync(folders.Home);
        if (Directory.Exists(folders.Sockets)) await RemoveAsync(folders.Sockets);
    }

    // What a killed server left behind may be writing its last files.
    private static async Task RemoveAsync(string folder)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < RemoveTries && Directory.Exists(folder))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
