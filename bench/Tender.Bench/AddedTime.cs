using System.Diagnostics;
using System.Globalization;

namespace Tender.Bench;

/// <summary>What a session through Tender takes, against calling the provider directly, when the provider thinks for 50 ms. The two take turns, call by call.</summary>
internal sealed class AddedTime(Ground ground, TenderSide tender, Options options)
{
    private const int Callers = 2;
    private const int WarmUpCalls = 100;

    // Ten seconds: before anything that is open is asked about.
    private const int CallsARound = 100;
    private static readonly TimeSpan Thinks = TimeSpan.FromMilliseconds(50);

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        ground.Provider.Delay = Thinks;
        await ground.SettleAsync();
        await RoundAsync(WarmUpCalls);
        var samples = new List<(List<double> Direct, List<double> Through)>();
        for (var called = 0; called < options.Samples; called += Callers * CallsARound) samples.AddRange(await RoundAsync(CallsARound));
        ground.Provider.Delay = TimeSpan.Zero;

        var direct = samples.SelectMany(sample => sample.Direct).Order().ToList();
        var through = samples.SelectMany(sample => sample.Through).Order().ToList();
        return [Of("p50", 0.5, 1.04), Of("p99", 0.99, 1.10)];

        Line Of(string name, double share, double most)
        {
            var (slow, fast) = (Rounds.Percentile(through, share), Rounds.Percentile(direct, share));
            var spread = samples.Select(s => Rounds.Percentile([.. s.Through.Order()], share) / Rounds.Percentile([.. s.Direct.Order()], share)).Order().ToList();
            return new($"time through Tender ÷ straight to a 50 ms provider, {name}", Exact(slow / fast), $"{Exact(spread[0])} to {Exact(spread[^1])}", $"≤ {most:0.00}",
                slow / fast <= most, $"Tender {slow:0.00} ms, directly {fast:0.00} ms, {through.Count} calls each");
        }
    }

    private async Task<(List<double> Direct, List<double> Through)[]> RoundAsync(int calls)
    {
        var samples = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(calls)));
        await tender.ForgetOpenSessionsAsync();
        return samples;
    }

    private async Task<(List<double> Direct, List<double> Through)> CallAsync(int count)
    {
        using var provider = new HttpConnection(ground.Provider.Port);
        using var server = new HttpConnection(tender.Port);
        var (straight, session) = (Requests.Direct(TenderSide.ProviderKey)(), Requests.Sessions("/api/v1/checkout/sessions", tender.ApiKey, tender.ProductId)());
        var (direct, through) = (new List<double>(), new List<double>());
        for (var i = 0; i < count; i++)
        {
            direct.Add(await TimeAsync(provider, straight(), 200));
            through.Add(await TimeAsync(server, session(), 201));
        }

        return (direct, through);
    }

    private static async Task<double> TimeAsync(HttpConnection connection, ReadOnlyMemory<byte> request, int expected)
    {
        var began = Stopwatch.GetTimestamp();
        var status = await connection.SendAsync(request);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return status == expected ? took : throw new BenchException($"a call was answered {status}: {connection.LastAnswer}");
    }

    private static string Exact(double ratio) => ratio.ToString("0.000", CultureInfo.InvariantCulture);
}
