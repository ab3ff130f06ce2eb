using System.Threading.Channels;
using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>
/// Small writes of concurrent requests, committed together: each waits for the commit that holds its row, none for its own.
/// Where the database refuses one of them, each is written by itself: nobody fails for another.
/// </summary>
internal sealed class SharedWrites<T>
{
    private const int TogetherMax = 500;
    private readonly Channel<(T Row, TaskCompletionSource Done)> waiting = Channel.CreateUnbounded<(T, TaskCompletionSource)>();
    private readonly Func<IReadOnlyList<T>, Task> write;
    private int isWriting;

    public SharedWrites(Func<IReadOnlyList<T>, Task> write) => this.write = write;

    /// <summary>Completes when the row is committed; fails as its commit failed.</summary>
    public Task AddAsync(T row)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((row, done));
        if (Interlocked.CompareExchange(ref isWriting, 1, 0) is 0) _ = WriteAllAsync();
        return done.Task;
    }

    private async Task WriteAllAsync()
    {
        do
        {
            while (waiting.Reader.TryPeek(out _))
            {
                // Whoever is about to write already gets in too.
                await Task.Yield();
                await WriteSomeAsync();
            }

            Volatile.Write(ref isWriting, 0);
        }
        while (waiting.Reader.TryPeek(out _) && Interlocked.CompareExchange(ref isWriting, 1, 0) is 0);
    }

    private async Task WriteSomeAsync()
    {
        var together = new List<(T Row, TaskCompletionSource Done)>();
        while (together.Count < TogetherMax && waiting.Reader.TryRead(out var one)) together.Add(one);
        if (await WriteAsync(together)) return;
        foreach (var one in together) await WriteAsync([one]);
    }

    // False: one of several rows was refused, and nobody has been told anything yet.
    private async Task<bool> WriteAsync(List<(T Row, TaskCompletionSource Done)> together)
    {
        try
        {
            await write([.. together.Select(one => one.Row)]);
            foreach (var (_, done) in together) done.SetResult();
        }
        catch (PostgresException e) when (together.Count > 1 && IsOverOneRow(e))
        {
            return false;
        }
#pragma warning disable CA1031 // Whoever waits is told, whatever it was; and the rows after these are still written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var (_, done) in together) done.SetException(e);
        }

        return true;
    }

    // Data, integrity, serialization: classes 22, 23 and 40. Anything else (the disk is full, the server stops) would refuse them all again.
    private static bool IsOverOneRow(PostgresException e) => e.SqlState[..2] is "22" or "23" or "40";
}
