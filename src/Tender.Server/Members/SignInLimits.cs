using System.Net;

namespace Tender.Server.Members;

/// <summary>
/// How often one may try to sign in and fail: from one address, to one account from one address, and to one account from anywhere.
/// A browser that signed in to the account before counts for itself alone, so that no stranger's tries keep it out.
/// </summary>
internal sealed class SignInLimits(TimeProvider time)
{
    private const int PerAddress = 30;
    private const int PerAccountAndAddress = 10;
    private const int PerAccount = 100;
    private const int PerKnown = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Tries> counted = new(StringComparer.Ordinal);
    private long sweptAt;

    /// <summary>Counts a try before it is made, so that many at once are counted too; one that went well is given back.</summary>
    /// <param name="known">The browser that signed in to this account before, or whoever is signed in to it now.</param>
    public Try Take(IPAddress? address, string account, string? known)
    {
        var (from, to) = (RequestAddress.Of(address).ToString(), KnownBrowsers.NameOf(account));
        IReadOnlyList<(string Who, int Max)> limits = known is null
            ? [($"address {from}", PerAddress), ($"pair {from} {to}", PerAccountAndAddress), ($"account {to}", PerAccount)]
            : [($"known {known} {to}", PerKnown)];
        lock (gate)
        {
            Sweep();
            var wait = limits.Max(limit => counted.TryGetValue(limit.Who, out var tries) && tries.Count >= limit.Max ? Left(tries) : TimeSpan.Zero);
            if (wait > TimeSpan.Zero) return new(wait, []);
            return new(null, [.. limits.Select(limit => Count(limit.Who))]);
        }
    }

    /// <summary>It was the right person: not counted.</summary>
    public void GiveBack(Try made)
    {
        lock (gate)
        {
            foreach (var tries in made.Counted) tries.Count--;
        }
    }

    private Tries Count(string who)
    {
        if (!counted.TryGetValue(who, out var tries) || Left(tries) <= TimeSpan.Zero) counted[who] = tries = new(time.GetTimestamp());
        tries.Count++;
        return tries;
    }

    private TimeSpan Left(Tries tries) => Window - time.GetElapsedTime(tries.Began);

    private void Sweep()
    {
        if (time.GetElapsedTime(sweptAt) < Window) return;
        sweptAt = time.GetTimestamp();
        foreach (var (who, tries) in counted)
        {
            if (Left(tries) <= TimeSpan.Zero) counted.Remove(who);
        }
    }

    /// <param name="Wait">How long, when it is one too many; then it must not be made.</param>
    internal sealed record Try(TimeSpan? Wait, IReadOnlyList<Tries> Counted);

    internal sealed class Tries(long began)
    {
        public long Began => began;

        public int Count { get; set; }
    }
}
