using System.Collections.Concurrent;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Front;

/// <summary>The answers of one account by idempotency key, kept for 24 hours of the simulator's clock.</summary>
internal sealed class IdempotencyStore
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Entry> entries = [];

    /// <summary>Takes the key for this request, or says what came before.</summary>
    public Claim Take(string key, string path, string fingerprint, DateTimeOffset now)
    {
        var mine = new Entry(path, fingerprint, now);
        while (true)
        {
            var found = entries.GetOrAdd(key, mine);
            if (ReferenceEquals(found, mine)) return new Claim.Fresh(mine);
            if (now - found.Since < Kept) return Compare(found, mine);
            entries.TryRemove(new(key, found));
        }
    }

    /// <summary>Frees the key again: nothing was begun.</summary>
    public void Release(string key, Entry entry) => entries.TryRemove(new(key, entry));

    public void Clear() => entries.Clear();

    private static Claim Compare(Entry found, Entry mine)
    {
        if (found.Path != mine.Path) return new Claim.OtherEndpoint(mine.Path, found.Path);
        if (found.Fingerprint != mine.Fingerprint) return new Claim.OtherParameters();
        return found.Answer is { } answer ? new Claim.Replay(answer, found.RequestId!) : new Claim.Running();
    }

    internal sealed class Entry(string path, string fingerprint, DateTimeOffset since)
    {
        private volatile StripeAnswer? answer;

        public string Path => path;

        public string Fingerprint => fingerprint;

        public DateTimeOffset Since => since;

        public StripeAnswer? Answer => answer;

        public string? RequestId { get; private set; }

        public void Keep(StripeAnswer first, string requestId)
        {
            RequestId = requestId;
            answer = first;
        }
    }

    internal abstract record Claim
    {
        private Claim()
        {
        }

        internal sealed record Fresh(Entry Entry) : Claim;

        internal sealed record Replay(StripeAnswer Answer, string RequestId) : Claim;

        internal sealed record Running : Claim;

        internal sealed record OtherParameters : Claim;

        internal sealed record OtherEndpoint(string Path, string FirstPath) : Claim;
    }
}
