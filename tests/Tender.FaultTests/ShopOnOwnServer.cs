using System.Diagnostics;
using System.Globalization;
using Tender.Server.Hosting;

namespace Tender.FaultTests;

/// <summary>A shop on a PostgreSQL of its own, which a test may break.</summary>
public sealed class ShopOnOwnServer : Shop
{
    private readonly Lazy<Task<PrivatePostgres>> server = new(() => PrivatePostgres.StartTemporaryAsync());

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (await server.Value).DisposeAsync();
    }

    /// <param name="bytes">Null takes the limit away.</param>
    public async Task LimitFilesAsync(long? bytes)
    {
        var postmaster = (await server.Value).ProcessId!.Value;
        foreach (var id in ChildrenOf(postmaster).Append(postmaster))
        {
            // As its own user: root in a container may not. Of those that have ended meanwhile none is left to limit.
            var user = Environment.IsPrivilegedProcess ? UnixUser.ForPostgres() : null;
            await ChildProgram.RunAsync("prlimit", [$"--pid={id}", $"--fsize={(bytes is { } most ? $"{most}" : "unlimited")}:"], user, CancellationToken.None);
        }
    }

    /// <summary>As when the machine fails: what PostgreSQL had only in memory is gone, and it recovers from what is on disk.</summary>
    public async Task CrashAsync()
    {
        // One process killed makes all the others throw their memory away.
        using var backend = Process.GetProcessById(ChildrenOf((await server.Value).ProcessId!.Value).First(IsBackend));
        backend.Kill();
        await backend.WaitForExitAsync();
    }

    internal override Task<PrivatePostgres> PostgresAsync() => server.Value;

    private static IEnumerable<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && ParentOf(id) == parent);

    // A backend's command line ends with what it does; PostgreSQL's own workers (checkpointer, walwriter) do not name a database.
    private static bool IsBackend(int id) => File.ReadAllText($"/proc/{id}/cmdline").Contains(" tender_fault_", StringComparison.Ordinal);

    private static int? ParentOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal));
            return int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
