using System.Diagnostics;
using System.Globalization;

namespace Tender.Bench;

/// <summary>Ten thousand events as fast as a provider's many senders bring them: each is answered soon, none is lost, and all are put away in the end.</summary>
internal sealed class WebhookBurst(Ground ground, TenderSide tender, Options options)
{
    private const int Events = 10_000;
    private const int Senders = 64;
    private static readonly TimeSpan AppliedWithin = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        await BurstAsync(Events / 2);
        var bursts = new List<double>();
        for (var i = 0; i < options.Rounds; i++) bursts.Add(await BurstAsync(Events));
        bursts.Sort();
        var p99 = Rounds.Median(bursts);
        return [new($"burst of {Events} events from {Senders} senders: answered, p99", Milliseconds(p99), $"{Milliseconds(bursts[0])} to {Milliseconds(bursts[^1])}", "≤ 100 ms", p99 <= 100, $"{bursts.Count} bursts, every event stored once and put away")];
    }

    private static string Milliseconds(double time) => string.Create(CultureInfo.InvariantCulture, $"{time:0.0} ms");

    private async Task<double> BurstAsync(int count)
    {
        await ground.SettleAsync();
        var before = (await ground.CountAsync(tender.Database, ["provider_events"]))[0];
        var make = Requests.Webhooks($"/api/webhooks/stripe/{tender.ConnectionId}", TenderSide.WebhookSecret, TimeProvider.System, repeats: false);
        var left = count;
        var times = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            using var connection = new HttpConnection(tender.Port);
            var (next, mine) = (make(), new List<double>());
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var began = Stopwatch.GetTimestamp();
                var status = await connection.SendAsync(next());
                if (status is not 200) throw new BenchException($"a webhook was answered {status}: {connection.LastAnswer}");
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return mine;
        })));
        await PutAwayAsync();
        var stored = (await ground.CountAsync(tender.Database, ["provider_events"]))[0] - before;
        if (stored != count) throw new BenchException($"of {count} events {stored} were stored");
        return Rounds.Percentile([.. times.SelectMany(mine => mine).Order()], 0.99);
    }

    private async Task PutAwayAsync()
    {
        var began = Stopwatch.GetTimestamp();
        while ((await ground.CountAsync(tender.Database, ["provider_events where next_at is not null"]))[0] is > 0 and var waiting)
        {
            if (Stopwatch.GetElapsedTime(began) > AppliedWithin) throw new BenchException($"{waiting} events still wait after {AppliedWithin.TotalSeconds} seconds");
            await Task.Delay(200);
        }
    }
}
