using System.Collections.Concurrent;

namespace Tender.Server.Hosting;

/// <summary>
/// Remembers what was loaded for a short while. Many who ask at once load once, and a failure is not remembered.
/// What is forgotten while it loads is not remembered either: whoever asks next sees what is true then.
/// </summary>
internal sealed class Recent<T>(TimeSpan kept, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long sweptAt = time.GetTimestamp();

    /// <summary>The remembered value, or what <paramref name="load"/> gives. The load serves others too: it is not cancelled with one of them.</summary>
    public async ValueTask<T> GetAsync(string key, Func<Task<T>> load, CancellationToken cancellation)
    {
        if (!entries.TryGetValue(key, out var entry) || !IsFresh(entry)) entry = Renew(key, entry, load);
        return await entry.Loading.Value.WaitAsync(cancellation);
    }

    public void Forget(string key) => entries.TryRemove(key, out _);

    public void ForgetAll() => entries.Clear();

    private Entry Renew(string key, Entry? old, Func<Task<T>> load)
    {
        ForgetOld();
        var mine = new Entry(new(load), time.GetTimestamp());
        return old is not null && entries.TryUpdate(key, mine, old) ? mine : entries.GetOrAdd(key, mine);
    }

    private bool IsFresh(Entry entry) =>
        time.GetElapsedTime(entry.At) < kept && !(entry.Loading.IsValueCreated && entry.Loading.Value is { IsFaulted: true } or { IsCanceled: true });

    private void ForgetOld()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref sweptAt)) < kept) return;
        Interlocked.Exchange(ref sweptAt, time.GetTimestamp());
        foreach (var old in entries)
        {
            if (!IsFresh(old.Value)) entries.TryRemove(old);
        }
    }

    private sealed class Entry(Lazy<Task<T>> loading, long at)
    {
        public Lazy<Task<T>> Loading => loading;

        public long At => at;
    }
}
