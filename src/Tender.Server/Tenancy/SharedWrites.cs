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
    private readonly Channel<Waiting> waiting = Channel.CreateUnbounded<Waiting>();
    private readonly Func<IReadOnlyList<T>, Task> write;
    private int isWriting;

    public SharedWrites(Func<IReadOnlyList<T>, Task> write) => this.write = write;

    /// <summary>
    /// Completes when the row is committed; fails as its commit failed. Who hangs up takes a row back that is not being written
    /// yet; one that is, is written all the same.
    /// </summary>
    public async Task AddAsync(T row, CancellationToken cancellation)
    {
        var mine = new Waiting(row);
        waiting.Writer.TryWrite(mine);
        // In nobody's context: what is written for many is not part of the trace of whoever came first.
        if (Interlocked.CompareExchange(ref isWriting, 1, 0) is 0) ThreadPool.UnsafeQueueUserWorkItem(static me => _ = me.WriteAllAsync(), this, preferLocal: true);
        try
        {
            await mine.Done.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            mine.Take();
            throw;
        }
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
        var together = new List<Waiting>();
        while (together.Count < TogetherMax && waiting.Reader.TryRead(out var one))
        {
            if (one.Take()) together.Add(one);
        }

        if (together.Count is 0 || await WriteAsync(together)) return;
        foreach (var one in together) await WriteAsync([one]);
    }

    // False: one of several rows was refused, and nobody has been told anything yet.
    private async Task<bool> WriteAsync(List<Waiting> together)
    {
        try
        {
            await write([.. together.Select(one => one.Row)]);
            foreach (var one in together) one.Done.SetResult();
        }
#pragma warning disable CA1031 // Whoever waits is told, whatever it was; and the rows after these are still written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (together.Count > 1 && IsOverOneRow(e)) return false;
            foreach (var one in together) one.Done.SetException(e);
        }

        return true;
    }

    // Data, integrity, serialization, size: classes 22, 23, 40 and 54; and what is no value to PostgreSQL (half of a letter) before any of it is sent.
    // Anything else (the disk is full, the server stops) would refuse them all again.
    private static bool IsOverOneRow(Exception e) => e is PostgresException { SqlState: var state } ? state[..2] is "22" or "23" or "40" or "54" : e is ArgumentException or InvalidCastException;

    private sealed class Waiting(T row)
    {
        private int isTaken;

        public T Row => row;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>True for the first: who writes it, or who takes it back.</summary>
        public bool Take() => Interlocked.Exchange(ref isTaken, 1) is 0;
    }
}
