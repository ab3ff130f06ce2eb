using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Tender.Bench;

/// <summary>All measures, one after the other, and the table at the end.</summary>
internal static class Measures
{
    public static async Task<int> RunAsync(Options options)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await using var ground = await Ground.OpenAsync();
            var lines = await MeasureAsync(ground, options);
            Print(lines, began);
            return lines.Any(line => line.Holds is false) ? 1 : 0;
        }
        catch (BenchException e)
        {
            await Console.Error.WriteLineAsync($"bench/run: {e.Message}");
            return 2;
        }
    }

    private static async Task<IReadOnlyList<Line>> MeasureAsync(Ground ground, Options options)
    {
        var lines = new List<Line>();
        await using var tender = await TenderSide.CreateAsync(ground, options);
        await tender.StartAsync();
        await using var express = await ExpressSide.StartAsync(ground, options);
        var (plain, pipelined) = await PgbenchSide.CreateAsync(ground, options);
        Say($"{Environment.ProcessorCount} cores, load {(await File.ReadAllTextAsync("/proc/loadavg"))[..4]} at the start; one PostgreSQL, {await ground.AssertDurableAsync(tender.Database)}");
        await ground.AssertDurableAsync(ExpressSide.Database);
        await ground.AssertDurableAsync(PgbenchSide.Database);

        var checkout = new CheckoutRate(ground, tender, express, plain, pipelined, options);
        foreach (var (name, measure) in new (string, Func<Task<IReadOnlyList<Line>>>)[]
        {
            ("start-up", new StartUp(ground, tender, options).RunAsync),
            ("checkout", checkout.RunAsync),
            ("time", new AddedTime(ground, tender, express, options).RunAsync),
            ("webhooks", new WebhookIntake(ground, tender, express, options).RunAsync),
            ("burst", new WebhookBurst(ground, tender, options).RunAsync),
            ("keys", new KeyIssue(ground, tender, options).RunAsync),
            ("medusa", new MedusaRate(ground, checkout, options).RunAsync),
        })
        {
            if (!options.Wants(name)) continue;
            Say($"measuring {name} …");
            var before = ProcessorTime.OfMachine();
            lines.AddRange(await measure());
            var after = ProcessorTime.OfMachine();
            Say($"the host kept {100.0 * (after.Stolen - before.Stolen) / Math.Max(1, after.All - before.All):0} % of the processors' time");
        }

        return lines;
    }

    private static void Print(IReadOnlyList<Line> lines, long began)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("measure", "ratio", "spread", "target", "holds", "medians");
        foreach (var line in lines)
        {
            table.AddRow([.. new[] { line.Measure, line.Ratio, line.Spread, line.Target ?? "", line.Holds switch { true => "yes", false => "NO", _ => "" }, line.Absolute }
                .Select(text => new Text(text))]);
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 190);
        AnsiConsole.Write(table);
        Say(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalMinutes:0.0} minutes"));
    }

    private static void Say(string text) => Console.WriteLine(text);
}
