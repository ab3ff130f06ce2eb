using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tender.Bench;

/// <summary>A program that the bench started, with its output in a file as a service's journal would be, and that it ends again.</summary>
internal sealed class OwnProgram : IAsyncDisposable
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(10);
    private readonly Process process;
    private readonly string log;

    private OwnProgram(Process process, string log) => (this.process, this.log) = (process, log);

    public static OwnProgram Start(string log, string folder, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        // The shell gives its place to the program: the process that was started is the program itself.
        var start = new ProcessStartInfo("sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, .. command]) { UseShellExecute = false, WorkingDirectory = folder };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start) ?? throw new BenchException($"{command[0]} did not start"), log);
    }

    public int ProcessId => process.Id;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks until the answer has the status; answers how long after the start that was.</summary>
    public async Task<TimeSpan> AnswersAsync(int port, byte[] request, int status, long began)
    {
        while (Stopwatch.GetElapsedTime(began) < AnswersWithin && !process.HasExited)
        {
            try
            {
                using var connection = new HttpConnection(port);
                if (await connection.SendAsync(request) == status) return Stopwatch.GetElapsedTime(began);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Not yet.
            }

            await Task.Delay(1);
        }

        throw new BenchException($"a program did not come up: {(await File.ReadAllTextAsync(log)).Trim()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var gentle = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            using var patience = new CancellationTokenSource(StopsWithin);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
