using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Dapper;
using Npgsql;

namespace Tender.Bench;

/// <summary>
/// From the webhook that says paid to the key that was bought, a hundred a second: until its row is there, and until a call with it would be served. The
/// database is looked at every few milliseconds, so each time is told too long rather than too short; the looks cost little beside what is looked at.
/// </summary>
internal sealed class KeyIssue(Ground ground, TenderSide tender, Options options)
{
    private const int PerSecond = 100;
    private const int WarmingUp = 60 * PerSecond;
    private const int Connections = 16;
    private const int LatestSeen = 400;
    private static readonly TimeSpan MadeEvery = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan UsableEvery = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        ground.Provider.Delay = TimeSpan.Zero;
        var (made, usable) = await RunAsync(options.Samples * 10);
        return [Of("its key is made", made, 50), Of("a call with its key is served", usable)];
    }

    private static Line Of(string what, IReadOnlyList<double> times, double? most = null)
    {
        var p99 = Rounds.Percentile(times, 0.99);
        return new($"webhook to: {what}, p99", Milliseconds(p99), $"p50 {Milliseconds(Rounds.Percentile(times, 0.5))}, worst {Milliseconds(times[^1])}", most is null ? null : $"≤ {most} ms", most is null ? null : p99 <= most,
            $"{times.Count} payments, {PerSecond} a second");
    }

    private static string Milliseconds(double time) => string.Create(CultureInfo.InvariantCulture, $"{time:0.0} ms");

    // Without a pause between what warms up and what counts: the first after one would pay for the pages that a checkpoint had written.
    private async Task<(IReadOnlyList<double> Made, IReadOnlyList<double> Usable)> RunAsync(int counted)
    {
        var count = WarmingUp + counted;
        var links = await new PaidLinks(ground, tender).MakeAsync(count);
        // They were made as fast as it goes, and would all be asked about in the same second.
        await tender.ForgetOpenSessionsAsync();
        await ground.SettleAsync();
        var sent = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds((double)count / PerSecond) + GivenUpAfter);
        var (mine, database) = (ProcessorTime.Of(tender.ProcessId), ProcessorTime.Of(ground.ProcessId));
        // The event of a key is written with it, and has a number to look from.
        var made = WatchAsync(tender.Database, "select payment_id from events where id > (select last_value from events_id_seq) - @LatestSeen and type = 'api_key.issued'", MadeEvery, sent, count, over.Token);
        var usable = WatchAsync(TenderSide.Owner, "select created_by from api_keys where tenant = (select code from tenants) order by created_at desc limit @LatestSeen", UsableEvery, sent, count, over.Token);
        await SendAllAsync(links, sent);
        var times = (await made, await usable);
        Console.WriteLine($"processor time each: Tender {Rounds.Number((ProcessorTime.Of(tender.ProcessId) - mine) / count)} ms, PostgreSQL {Rounds.Number((ProcessorTime.Of(ground.ProcessId) - database) / count)} ms");
        await tender.ForgetOpenSessionsAsync();
        var late = links.Skip(WarmingUp).Select(link => link.PaymentId).ToHashSet(StringComparer.Ordinal);
        return (Counted(times.Item1, late), Counted(times.Item2, late));
    }

    private static IReadOnlyList<double> Counted(Dictionary<string, double> times, HashSet<string> payments) => [.. times.Where(time => payments.Contains(time.Key)).Select(time => time.Value).Order()];

    private async Task SendAllAsync(IReadOnlyList<PaidLinks.Link> links, ConcurrentDictionary<string, long> sent)
    {
        var free = Channel.CreateUnbounded<HttpConnection>();
        for (var i = 0; i < Connections; i++) await free.Writer.WriteAsync(new(tender.Port));
        var (began, sending) = (Stopwatch.GetTimestamp(), new List<Task>());
        foreach (var link in links)
        {
            var wait = TimeSpan.FromSeconds((double)sending.Count / PerSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            var request = Requests.Webhook($"/api/webhooks/stripe/{tender.ConnectionId}", TenderSide.WebhookSecret, TimeProvider.System, PaidLinks.PaidBody(link));
            sending.Add(SendAsync(free, request, () => sent[link.PaymentId] = Stopwatch.GetTimestamp()));
        }

        await Task.WhenAll(sending);
        while (free.Reader.TryRead(out var connection)) connection.Dispose();
    }

    private static async Task SendAsync(Channel<HttpConnection> free, byte[] request, Action started)
    {
        started();
        var connection = await free.Reader.ReadAsync();
        var status = await connection.SendAsync(request);
        if (status is not 200) throw new BenchException($"a webhook was answered {status}: {connection.LastAnswer}");
        await free.Writer.WriteAsync(connection);
    }

    private async Task<Dictionary<string, double>> WatchAsync(string database, string sql, TimeSpan every, ConcurrentDictionary<string, long> sent, int count, CancellationToken over)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ground.Connection(database).ConnectionString) { MaxAutoPrepare = 1, Pooling = false }.ConnectionString);
        await connection.OpenAsync(over);
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        while (seen.Count < count)
        {
            if (over.IsCancellationRequested) throw new BenchException($"of {count} paid links {seen.Count} led to a key");
            foreach (var payment in await connection.QueryAsync<string>(sql, new { LatestSeen }))
            {
                if (sent.TryGetValue(payment, out var at)) seen.TryAdd(payment, Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }

            await Task.Delay(every, CancellationToken.None);
        }

        return seen;
    }
}
