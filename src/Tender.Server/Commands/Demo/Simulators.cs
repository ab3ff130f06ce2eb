using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tender.Server.Hosting;

namespace Tender.Server.Commands.Demo;

/// <summary>The providers' simulators as a program beside the server; it ends when the server does, however that ends.</summary>
internal sealed class Simulators : IAsyncDisposable
{
    private const string Program = "Tender.Simulators.dll";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    // Those of a server that was killed need a moment to see that it is gone.
    private static readonly TimeSpan EarlierGoWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly Process process;

    private Simulators(Process process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    /// <param name="port">Where to listen; when it is taken and does not get free soon, any other, and that is said. 0: any.</param>
    public static async Task<Simulators> StartAsync(int port, string stateFile, CancellationToken cancellation)
    {
        var url = new Uri($"http://localhost:{await PortAsync(port, cancellation)}");
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] words = [Find(), "--urls", url.ToString().TrimEnd('/'), "--exit-with-parent", $"{Environment.ProcessId}", "--exit-with-stdin", "true", "--state", stateFile];
        foreach (var word in words) start.ArgumentList.Add(word);

        var process = Process.Start(start) ?? throw new CannotStartException("The simulators could not be started.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var simulators = new Simulators(process, url);
        await simulators.WaitAsync(cancellation);
        return simulators;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    // Payment pages that are open load the script from the port they were made with.
    private static async Task<int> PortAsync(int port, CancellationToken cancellation)
    {
        if (port is 0) return FreePort();
        for (var waited = TimeSpan.Zero; waited < EarlierGoWithin; waited += LookAgain)
        {
            if (IsFree(port)) return port;
            await Task.Delay(LookAgain, cancellation);
        }
        var other = FreePort();
        await System.Console.Error.WriteLineAsync(
            $"tender: Port {port} is taken, so the simulators listen on {other}; payment pages that were opened before do not work until they are back on {port}.");
        return other;
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartMax);
        while (!process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url, "/_control/stripe/faults"), limit.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(LookAgain, limit.Token);
            }
        }

        throw new CannotStartException($"The simulators ended at once with code {process.ExitCode}.");
    }

    // Beside the server when both were published together; in their own build folder in a checkout.
    private static string Find()
    {
        var here = AppContext.BaseDirectory;
        var there = here.Replace("Tender.Server", "Tender.Simulators", StringComparison.Ordinal);
        return new[] { Path.Combine(here, Program), Path.Combine(there, Program) }.FirstOrDefault(File.Exists)
            ?? throw new CannotStartException($"The simulators are not built: {Program} was not found beside the server.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
