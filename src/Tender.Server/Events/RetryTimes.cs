namespace Tender.Server.Events;

/// <summary>When a failed delivery is tried again: soon, then ever later, for about three days.</summary>
internal static class RetryTimes
{
    private const double JitterMax = 0.2;

    // Each so much longer than the one before that jitter never turns their order round.
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
        TimeSpan.FromHours(24), TimeSpan.FromHours(30),
    ];

    /// <summary>How long to wait after so many tries; null when that was the last one.</summary>
    /// <param name="chance">Between 0 and 1: spreads what failed together, so that it does not come back together.</param>
    public static TimeSpan? After(int tries, double chance) =>
        tries <= Delays.Length ? Delays[tries - 1] * (1 + JitterMax * chance) : null;
}
