using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tender.Simulators;
using DemoSimulators = Tender.Server.Commands.Demo.Simulators;

namespace Tender.Tests.Server.Commands;

public sealed class SimulatorsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-simulators-");

    [Fact]
    public async Task The_port_of_those_that_are_about_to_end_is_waited_for()
    {
        using var earlier = new TcpListener(IPAddress.Loopback, 0);
        earlier.Start();
        var port = ((IPEndPoint)earlier.LocalEndpoint).Port;

        var starting = DemoSimulators.StartAsync(port, StateFile, CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(1));
        earlier.Stop();

        await using var simulators = await starting;
        simulators.Url.Port.ShouldBe(port);
    }

    [Fact]
    public async Task They_end_within_seconds_of_whoever_started_them_also_while_a_call_hangs()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SimulatorHost).Assembly.Location, "--urls", $"{url}", "--latency-ms", "100000", "--exit-with-stdin", "true"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!;
        try
        {
            using var http = new HttpClient { BaseAddress = url };
            await AnswersAsync(http);
            var hangs = http.GetAsync(new Uri("/stripe/v1/account", UriKind.Relative));
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            hangs.IsCompleted.ShouldBeFalse();

            process.StandardInput.Close();

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(12));
            await process.WaitForExitAsync(limit.Token);
            await Should.ThrowAsync<HttpRequestException>(() => hangs);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string StateFile => Path.Combine(folder.FullName, "simulators.json");

    private static async Task AnswersAsync(HttpClient http)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(40);)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/", UriKind.Relative));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }
        throw new TimeoutException("the simulators did not start");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
