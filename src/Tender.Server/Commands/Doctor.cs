using System.CommandLine;
using System.Diagnostics;
using Npgsql;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands;

/// <summary>tender doctor: looks at everything a healthy installation needs, and prints what it finds.</summary>
internal static class Doctor
{
    // PostgreSQL stops when its disk is full; below this there is time to act.
    private const long DiskBytesMin = 1_000_000_000;

    // Webhook signatures are refused when they are 5 minutes old, TOTP codes after 30 seconds.
    private static readonly TimeSpan ClockOffMax = TimeSpan.FromSeconds(2);

    // Each commit waits for the disk once: beyond this checkouts feel it.
    private static readonly TimeSpan CommitMax = TimeSpan.FromMilliseconds(50);

    public static Command Verb()
    {
        var verb = new Command("doctor", "Checks settings, database, disk and clock, and prints a list.");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var findings = await LookAsync(cancellation);
        foreach (var finding in findings) await System.Console.Out.WriteLineAsync($"{(finding.Well ? "well" : "BAD "),-6}{finding.What,-12}{finding.Says}");
        return findings.All(finding => finding.Well) ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        try
        {
            await using var installation = await Installation.OpenAsync(cancellation);
            var settings = installation.Settings;
            List<Finding> findings = [new(true, "settings", $"read; data folder {settings.DataFolder}, reached at {settings.FrontendUrl}"), Disk(settings), Writable(settings)];
            findings.AddRange(await DatabaseAsync(settings, cancellation));
            return findings;
        }
        catch (CannotStartException stop)
        {
            return [new(false, "start", stop.Message)];
        }
    }

    private static Finding Disk(Settings settings)
    {
        var free = new DriveInfo(NearestTo(settings.DataFolder)).AvailableFreeSpace;
        return new(free >= DiskBytesMin, "disk", $"{free / 1e9:0.0} GB free for {settings.DataFolder}{(free >= DiskBytesMin ? "" : "; make room")}");
    }

    private static Finding Writable(Settings settings)
    {
        var nearest = NearestTo(settings.DataFolder);
        var probe = Path.Combine(nearest, $".doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new(true, "data folder", nearest == settings.DataFolder ? "can be written" : $"{settings.DataFolder} is not there yet; the first start makes it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(false, "data folder", e.Message);
        }
    }

    // The folder is made at the first start: until then, what it will stand in.
    private static string NearestTo(string folder) => Path.Exists(folder) ? folder : NearestTo(Path.GetDirectoryName(folder)!);

    private static async Task<IReadOnlyList<Finding>> DatabaseAsync(Settings settings, CancellationToken cancellation)
    {
        // The maintenance database: the owner's may not be made yet.
        var where = new NpgsqlConnectionStringBuilder(settings.Database) { Database = "postgres", Pooling = false, Timeout = 5 };
        try
        {
            await using var connection = new NpgsqlConnection(where.ConnectionString);
            await connection.OpenAsync(cancellation);
            return [await VersionAsync(connection, where.Host, cancellation), await RoomAsync(connection, settings, cancellation), await RightsAsync(connection, cancellation), await DurabilityAsync(connection, cancellation), await ClockAsync(connection, cancellation), await CommitAsync(connection, cancellation)];
        }
        catch (NpgsqlException e)
        {
            return [new(false, "database", $"{where.Host}: {e.Message}")];
        }
    }

    private static async Task<Finding> VersionAsync(NpgsqlConnection connection, string? host, CancellationToken cancellation)
    {
        var version = connection.PostgreSqlVersion;
        return new(version.Major >= PostgresPrograms.VersionMin, "database", $"PostgreSQL {version} at {host}");
    }

    private static async Task<Finding> RoomAsync(NpgsqlConnection connection, Settings settings, CancellationToken cancellation)
    {
        var used = await AskAsync<long>(connection, "select count(*) from pg_stat_activity where backend_type = 'client backend'", cancellation);
        var most = await AskAsync<int>(connection, "select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int", cancellation);
        var needed = settings.TenantConnections + DatabaseServer.OwnerPoolMax;
        var says = $"{used} of {most} connections in use";
        return most >= needed ? new(true, "connections", says) : new(false, "connections", $"{says}, and a node may take {needed}: raise max_connections, or lower TENDER_TENANT_CONNECTIONS");
    }

    private static async Task<Finding> RightsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var may = await AskAsync<bool>(connection, "select rolcreatedb or rolsuper from pg_roles where rolname = current_user", cancellation);
        return new(may, "rights", may ? "databases can be created for tenants" : "this user may not create databases; alter role ... createdb");
    }

    private static async Task<Finding> DurabilityAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var off = await AskAsync<string?>(connection, "select string_agg(name, ', ') from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting = 'off'", cancellation);
        return new(off is null, "durability", off is null ? "what is committed is on disk" : $"{off} is off: money that was taken can be forgotten");
    }

    private static async Task<Finding> ClockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var theirs = await AskAsync<DateTime>(connection, "select clock_timestamp()", cancellation);
        var off = TimeProvider.System.GetUtcNow().UtcDateTime - theirs;
        return new(off.Duration() <= ClockOffMax, "clock", $"{off.TotalSeconds:+0.0;-0.0;0.0} s from the database's");
    }

    private static async Task<Finding> CommitAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        const int Tries = 5;
        for (var i = 0; i < Tries; i++) await AskAsync<string>(connection, "select pg_logical_emit_message(true, 'doctor', '')::text", cancellation);
        var each = Stopwatch.GetElapsedTime(began) / Tries;
        return new(each <= CommitMax, "commit", $"{each.TotalMilliseconds:0.0} ms until a commit is on disk{(each <= CommitMax ? "" : "; a faster disk makes checkouts faster")}");
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is T answer ? answer : default!;
    }

    private sealed record Finding(bool Well, string What, string Says);
}
