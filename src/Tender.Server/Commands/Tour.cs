using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Tender.Server.Commands.Demo;
using Tender.Server.Hosting;

namespace Tender.Server.Commands;

/// <summary>tender tour: one payment on every surface over real HTTP, without a browser; exits 0 only if all of it happened.</summary>
internal static class Tour
{
    public static Command Verb()
    {
        var verb = new Command("tour", "Makes one payment on every surface and prints what happened.");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var settings = await Settings.ReadAsync(cancellation);
        var demo = await DemoFile.ReadAsync(settings.DataFolder, cancellation);
        if (demo is not null && await IsRunningAsync(demo, cancellation)) return await WalkAsync(demo, cancellation);

        await using var running = await Run.StartAsync(cancellation);
        return await WalkAsync(running.Demo, cancellation);
    }

    private static async Task<int> WalkAsync(DemoFile demo, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new(demo.BaseUrl), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.ApiKey);
        var (isAllWell, before) = (true, "");
        var table = new List<string>();
        foreach (var (surface, step, act) in StepsOf(http, demo))
        {
            var watch = Stopwatch.StartNew();
            var (isWell, says) = isAllWell ? await TryAsync(act, cancellation) : (false, "not tried");
            isAllWell &= isWell;
            if (surface != before) table.Add(before = surface);
            // A line each, however long: what is read by a program or copied by a person is not cut.
            table.Add($"  {(isWell ? "✓" : "✗")} {step,-38}{watch.ElapsedMilliseconds,6} ms  {says}");
        }

        // At the end, so that what a server of the tour's own logs does not stand between its lines.
        foreach (var line in table) await WithoutListening.SayAsync(line);
        await WithoutListening.SayAsync(isAllWell ? "All of it happened." : "Not all of it happened.");
        return isAllWell ? 0 : 1;
    }

    /// <summary>Every surface's part, one after the other.</summary>
    public static IEnumerable<(string Surface, string Step, Func<CancellationToken, Task<string>> Act)> StepsOf(HttpClient http, DemoFile demo) =>
        [.. new CheckoutTour(http, demo).Steps, .. new LinksTour(http, demo).Steps, .. new AccessTour(http, demo).Steps];

    private static async Task<(bool IsWell, string Says)> TryAsync(Func<CancellationToken, Task<string>> act, CancellationToken cancellation)
    {
        try
        {
            return (true, await act(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TourException or KeyNotFoundException or InvalidOperationException or TaskCanceledException)
        {
            return (false, e.Message);
        }
    }

    // Any server may sit on that port: only one that takes the demo's key is ours.
    private static async Task<bool> IsRunningAsync(DemoFile demo, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new(demo.BaseUrl), Timeout = TimeSpan.FromSeconds(3) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.ApiKey);
        try
        {
            using var answer = await http.GetAsync(new Uri("/api/v1/checkout/config", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
