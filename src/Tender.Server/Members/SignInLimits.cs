using System.Net;
using System.Threading.RateLimiting;

namespace Tender.Server.Members;

/// <summary>How often one may try to sign in: from one address, to one account from one address, and (far more, so that nobody is shut out by a stranger) to one account from anywhere.</summary>
internal sealed class SignInLimits : IDisposable
{
    private const int PerAddress = 30;
    private const int PerAccountAndAddress = 10;
    private const int PerAccount = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> addresses = Limit(PerAddress);
    private readonly PartitionedRateLimiter<string> pairs = Limit(PerAccountAndAddress);
    private readonly PartitionedRateLimiter<string> accounts = Limit(PerAccount);

    /// <summary>Counts a try; answers how long to wait when it is one too many.</summary>
    public TimeSpan? Take(IPAddress? address, string account)
    {
        var (from, to) = (RequestAddress.Of(address).ToString(), account.Trim().ToUpperInvariant());
        return Take(addresses, from) ?? Take(pairs, $"{from} {to}") ?? Take(accounts, to);
    }

    public void Dispose()
    {
        addresses.Dispose();
        pairs.Dispose();
        accounts.Dispose();
    }

    private static TimeSpan? Take(PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = limiter.AttemptAcquire(who);
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;
    }

    private static PartitionedRateLimiter<string> Limit(int permits) => PartitionedRateLimiter.Create<string, string>(
        who => RateLimitPartition.GetFixedWindowLimiter(who, _ => new() { PermitLimit = permits, Window = Window, QueueLimit = 0 }), StringComparer.Ordinal);
}
