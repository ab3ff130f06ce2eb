using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tender.Bench;

/// <summary>Makes one request after the other; each is new, so that no answer is a repeated one.</summary>
internal delegate ReadOnlyMemory<byte> NextRequest();

/// <summary>What a round of load did.</summary>
internal sealed record Tally(long Done, TimeSpan Took, IReadOnlyDictionary<int, long> Others, string? Example)
{
    public double PerSecond => Done / Took.TotalSeconds;

    /// <summary>A side that refuses or fails is not compared.</summary>
    public Tally WithoutFailures(string side) => Others.Count is 0
        ? this
        : throw new BenchException($"{side} answered {string.Join(", ", Others.Select(o => $"{o.Value} × {o.Key}"))}: {Example}");
}

/// <summary>Closed-loop load: as many callers as connections, each asks again when it has its answer.</summary>
internal static class Load
{
    public static async Task<Tally> RunAsync(int port, int connections, TimeSpan time, int expected, Func<NextRequest> requests)
    {
        var others = new ConcurrentDictionary<int, long>();
        var done = 0L;
        string? example = null;
        var began = Stopwatch.GetTimestamp();

        async Task CallAsync()
        {
            using var connection = new HttpConnection(port);
            var next = requests();
            var mine = 0L;
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var status = await connection.SendAsync(next());
                if (status == expected)
                {
                    mine++;
                    continue;
                }

                others.AddOrUpdate(status, 1, (_, count) => count + 1);
                example ??= connection.LastAnswer;
                if (others.Values.Sum() > 20) break;
            }

            Interlocked.Add(ref done, mine);
        }

        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(CallAsync)));
        return new(done, Stopwatch.GetElapsedTime(began), others, example);
    }
}

/// <summary>The measurement cannot be believed, or not be made; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
