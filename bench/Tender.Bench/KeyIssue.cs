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
/// Beside it a bare row is committed now and then: what that waits for, everybody waits for.
/// </summary>
internal sealed class KeyIssue(Ground ground, TenderSide tender, Options options)
{
    private const int PerSecond = 100;
    private const int WarmingUp = 60 * PerSecond;
    private const int PerRound = 20 * PerSecond;
    private const int BarePerSecond = 20;
    private const int Connections = 16;
    private const string Bare = "bare";
    private static readonly TimeSpan MadeEvery = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan UsableEvery = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        ground.Provider.Delay = TimeSpan.Zero;
        await ground.CreateDatabaseAsync(Bare, "create table written (at timestamptz)");
        var (links, made, usable, bare) = await RunAsync(WarmingUp + (options.Rounds * PerRound));
        var rounds = links.Skip(WarmingUp).Select(link => link.PaymentId).Chunk(PerRound).ToList();
        return [
            Of("webhook to: its key is made", [.. rounds.Select(round => round.Select(payment => made[payment]))], $"of {PerRound} payments, {PerSecond} a second", 50),
            Of("webhook to: a call with its key is served", [.. rounds.Select(round => round.Select(payment => usable[payment]))], "the same"),
            Of("beside it, one bare commit", [.. bare.Skip(WarmingUp * BarePerSecond / PerSecond).Chunk(PerRound * BarePerSecond / PerSecond)], $"{BarePerSecond} a second"),
        ];
    }

    private static Line Of(string what, IReadOnlyList<IEnumerable<double>> rounds, string each, double? most = null)
    {
        var ordered = rounds.Select(times => times.Order().ToList()).ToList();
        var p99s = ordered.Select(round => Rounds.Percentile(round, 0.99)).Order().ToList();
        var p99 = Rounds.Median(p99s);
        return new($"{what}, p99", Milliseconds(p99), $"{Milliseconds(p99s[0])} to {Milliseconds(p99s[^1])}", most is null ? null : $"≤ {most} ms", most is null ? null : p99 <= most,
            $"p50 {Milliseconds(Rounds.Median(ordered.Select(round => Rounds.Percentile(round, 0.5))))}, p99 of all {Milliseconds(Rounds.Percentile([.. ordered.SelectMany(round => round).Order()], 0.99))}, worst {Milliseconds(ordered.Max(round => round[^1]))}; {rounds.Count} rounds, {each}");
    }

    private static string Milliseconds(double time) => string.Create(CultureInfo.InvariantCulture, $"{time:0.0} ms");

    // Without a pause between what warms up and what counts: the first after one would pay for the pages that a checkpoint had written.
    private async Task<(IReadOnlyList<PaidLinks.Link> Links, Dictionary<string, double> Made, Dictionary<string, double> Usable, IReadOnlyList<double> Bare)> RunAsync(int count)
    {
        var links = await new PaidLinks(ground, tender).MakeAsync(count);
        // They were made as fast as it goes, and would all be asked about in the same second.
        await tender.ForgetOpenSessionsAsync();
        await ground.SettleAsync();
        var (paid, issued) = (new ConcurrentDictionary<string, Sent>(StringComparer.Ordinal), new ConcurrentDictionary<string, Sent>(StringComparer.Ordinal));
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds((double)count / PerSecond) + GivenUpAfter);
        var (mine, database, client) = (ProcessorTime.Of(tender.ProcessId), ProcessorTime.Of(ground.ProcessId), Environment.CpuUsage.TotalTime);
        var made = WatchAsync(tender.Database, "select payment_id, key_id from key_reveals where payment_id = any (@Awaited)", MadeEvery, paid, issued, count, over.Token);
        var usable = WatchAsync(TenderSide.Owner, "select id, '' from api_keys where id = any (@Awaited)", UsableEvery, issued, null, count, over.Token);
        var bare = CommitAsync(count * BarePerSecond / PerSecond, over.Token);
        await SendAllAsync(links, paid);
        var times = (Made: await made, Usable: await usable, Bare: await bare);
        Console.WriteLine($"processor time each: Tender {Rounds.Number((ProcessorTime.Of(tender.ProcessId) - mine) / count)} ms, PostgreSQL {Rounds.Number((ProcessorTime.Of(ground.ProcessId) - database) / count)} ms, who sends and looks {Rounds.Number((Environment.CpuUsage.TotalTime - client).TotalMilliseconds / count)} ms");
        await tender.ForgetOpenSessionsAsync();
        return (links, times.Made, times.Usable, times.Bare);
    }

    private async Task SendAllAsync(IReadOnlyList<PaidLinks.Link> links, ConcurrentDictionary<string, Sent> paid)
    {
        var free = Channel.CreateUnbounded<HttpConnection>();
        for (var i = 0; i < Connections; i++) await free.Writer.WriteAsync(new(tender.Port));
        var (began, sending) = (Stopwatch.GetTimestamp(), new List<Task>());
        foreach (var link in links)
        {
            var wait = TimeSpan.FromSeconds((double)sending.Count / PerSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            var request = Requests.Webhook($"/api/webhooks/stripe/{tender.ConnectionId}", TenderSide.WebhookSecret, TimeProvider.System, PaidLinks.PaidBody(link));
            sending.Add(SendAsync(free, request, () => paid[link.PaymentId] = new(link.PaymentId, Stopwatch.GetTimestamp())));
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

    // What the disk and the host let everybody wait for, in the same seconds.
    private async Task<IReadOnlyList<double>> CommitAsync(int count, CancellationToken over)
    {
        await using var connection = new NpgsqlConnection(ground.Connection(Bare).ConnectionString);
        await connection.OpenAsync(over);
        await using var write = new NpgsqlCommand("insert into written values (now())", connection);
        await write.PrepareAsync(over);
        var (began, times) = (Stopwatch.GetTimestamp(), new List<double>());
        while (times.Count < count)
        {
            var wait = TimeSpan.FromSeconds((double)times.Count / BarePerSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, over);
            var writing = Stopwatch.GetTimestamp();
            await write.ExecuteNonQueryAsync(over);
            times.Add(Stopwatch.GetElapsedTime(writing).TotalMilliseconds);
        }

        return times;
    }

    // Only what is awaited is asked for, by its own key: looks that read more would take the processors from what they measure, and wait for themselves.
    private async Task<Dictionary<string, double>> WatchAsync(
        string database, string sql, TimeSpan every, ConcurrentDictionary<string, Sent> awaited, ConcurrentDictionary<string, Sent>? leadsTo, int count, CancellationToken over)
    {
        var settings = new NpgsqlConnectionStringBuilder(ground.Connection(database).ConnectionString) { MaxAutoPrepare = 1, Pooling = false, Options = "-c enable_seqscan=off" };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(over);
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        while (seen.Count < count)
        {
            if (over.IsCancellationRequested) throw new BenchException($"of {count} paid links {seen.Count} led to a key");
            if (!awaited.IsEmpty)
            {
                foreach (var (found, next) in await connection.QueryAsync<(string, string)>(sql, new { Awaited = awaited.Keys.ToArray() }))
                {
                    if (!awaited.TryRemove(found, out var sent)) continue;
                    seen.Add(sent.PaymentId, Stopwatch.GetElapsedTime(sent.At).TotalMilliseconds);
                    leadsTo?.TryAdd(next, sent);
                }
            }

            await Task.Delay(every, CancellationToken.None);
        }

        return seen;
    }

    private sealed record Sent(string PaymentId, long At);
}
