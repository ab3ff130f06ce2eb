using System.Diagnostics;

namespace Tender.Bench;

/// <summary>From the start of the process to the first authenticated answer, on a database that exists, against an empty Kestrel's first answer.</summary>
internal sealed class StartUp(Ground ground, TenderSide tender, Options options)
{
    private static readonly byte[] Hello = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        var rounds = new Rounds("Tender", "Kestrel");
        await tender.StopAsync();
        for (var round = -1; round < options.Starts; round++)
        {
            var (mine, empty) = (await tender.StartAsync(), await EmptyAsync());
            await tender.StopAsync();
            if (round < 0) continue;
            rounds.Add("Tender", mine.TotalMilliseconds);
            rounds.Add("Kestrel", empty.TotalMilliseconds);
        }

        await tender.StartAsync();
        return [rounds.Ratio("ms to the first authenticated answer ÷ an empty Kestrel's", "Tender", "Kestrel", "≤ 2", ratio => ratio <= 2)];
    }

    private async Task<TimeSpan> EmptyAsync()
    {
        var port = OwnProgram.FreePort();
        var began = Stopwatch.GetTimestamp();
        await using var running = OwnProgram.Start(Path.Combine(ground.Folder, "empty.log"), ground.Folder, new Dictionary<string, string>(),
            "dotnet", Path.Combine(options.EmptyFolder, "EmptyKestrel.dll"), "--urls", $"http://127.0.0.1:{port}");
        return await running.AnswersAsync(port, Hello, 200, began);
    }
}
