using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Tender.Bench;

/// <summary>
/// What a session through Tender takes, against calling the provider directly, when the provider thinks for 50 ms. Beside it stand the same session
/// through the hand-written service, and the least that whoever loses no payment can take: a row of one number committed before the call, and one
/// after it. The four take turns, call by call.
/// </summary>
internal sealed class AddedTime(Ground ground, TenderSide tender, ExpressSide express, Options options)
{
    private const int Callers = 2;
    private const int WarmUpCalls = 100;

    // Seventeen seconds: before anything that is open is asked about.
    private const int CallsARound = 75;
    private const string Sessions = "/api/v1/checkout/sessions";
    private static readonly TimeSpan Thinks = TimeSpan.FromMilliseconds(50);
    private const string Database = "least";

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        ground.Provider.Delay = Thinks;
        await ground.CreateDatabaseAsync(Database, "create table written (at timestamptz not null)");
        await ground.AssertDurableAsync(Database);
        await ground.SettleAsync();
        await RoundAsync(WarmUpCalls);
        var samples = new List<Sample>();
        for (var called = 0; called < options.Samples; called += Callers * CallsARound) samples.AddRange(await RoundAsync(CallsARound));
        ground.Provider.Delay = TimeSpan.Zero;
        return
        [
            Of("time through Tender", "Tender", sample => sample.Through, 0.5, 1.04), Of("time through Tender", "Tender", sample => sample.Through, 0.99, 1.10),
            Of("through hand-written Express and pg", "Express", sample => sample.ByHand, 0.5), Of("through hand-written Express and pg", "Express", sample => sample.ByHand, 0.99),
            Of("one commit before and one after it", "so", sample => sample.Least, 0.5), Of("one commit before and one after it", "so", sample => sample.Least, 0.99),
        ];

        Line Of(string what, string who, Func<Sample, List<double>> side, double share, double? most = null)
        {
            var (slow, fast) = (At(share, samples.SelectMany(side)), At(share, samples.SelectMany(sample => sample.Direct)));
            var spread = samples.Select(sample => At(share, side(sample)) / At(share, sample.Direct)).Order().ToList();
            return new($"{what} ÷ straight to a 50 ms provider, p{share * 100:0}", Exact(slow / fast), $"{Exact(spread[0])} to {Exact(spread[^1])}", most is null ? null : $"≤ {most:0.00}",
                most is null ? null : slow / fast <= most, $"{who} {slow:0.00} ms, directly {fast:0.00} ms, {samples.Sum(sample => sample.Direct.Count)} calls each");
        }
    }

    private static double At(double share, IEnumerable<double> times) => Rounds.Percentile([.. times.Order()], share);

    private async Task<Sample[]> RoundAsync(int calls)
    {
        var samples = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(calls)));
        await tender.ForgetOpenSessionsAsync();
        return samples;
    }

    private async Task<Sample> CallAsync(int count)
    {
        using var provider = new HttpConnection(ground.Provider.Port);
        using var server = new HttpConnection(tender.Port);
        using var byHand = new HttpConnection(express.Port);
        await using var database = new NpgsqlConnection(ground.Connection(Database).ConnectionString);
        await database.OpenAsync();
        await using var write = new NpgsqlCommand("insert into written values (now())", database);
        await write.PrepareAsync();
        var straight = Requests.Direct(TenderSide.ProviderKey)();
        var session = Requests.Sessions(Sessions, tender.ApiKey, tender.ProductId)();
        var sessionByHand = Requests.Sessions(Sessions, ExpressSide.ApiKey, ExpressSide.ProductId)();
        var sample = new Sample([], [], [], []);
        for (var i = 0; i < count; i++)
        {
            sample.Direct.Add(await TimeAsync(() => ExpectAsync(provider, straight(), 200)));
            sample.Through.Add(await TimeAsync(() => ExpectAsync(server, session(), 201)));
            sample.ByHand.Add(await TimeAsync(() => ExpectAsync(byHand, sessionByHand(), 201)));
            sample.Least.Add(await TimeAsync(async () =>
            {
                await write.ExecuteNonQueryAsync();
                await ExpectAsync(provider, straight(), 200);
                await write.ExecuteNonQueryAsync();
            }));
        }

        return sample;
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task ExpectAsync(HttpConnection connection, ReadOnlyMemory<byte> request, int expected)
    {
        var status = await connection.SendAsync(request);
        if (status != expected) throw new BenchException($"a call was answered {status}: {connection.LastAnswer}");
    }

    private static string Exact(double ratio) => ratio.ToString("0.000", CultureInfo.InvariantCulture);

    private sealed record Sample(List<double> Direct, List<double> Through, List<double> ByHand, List<double> Least);
}
