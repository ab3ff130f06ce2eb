using Tender.Domain.Payments;
using Tender.Domain.Refunds;

namespace Tender.Server.Payments;

/// <summary>When a provider is asked again: seconds while somebody watches or nobody knows, then minutes, hours, a day.</summary>
internal static class AskingTimes
{
    // An uncertain payment is to be settled within 10 s of the provider answering again, so for two hours no gap is longer than 8 s.
    private static readonly TimeSpan UncertainGapMax = TimeSpan.FromSeconds(8);
    private const int UncertainTriesClose = 900;

    private static readonly TimeSpan[] OpenGaps =
    [
        TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1),
        TimeSpan.FromHours(6), TimeSpan.FromDays(1),
    ];

    // After a month of daily questions a person has long been told.
    private const int OpenTriesMax = 40;

    public static DateTimeOffset? First(AttemptStatus status, DateTimeOffset now) => Next(status, 0, now);

    public static DateTimeOffset? First(RefundStatus status, DateTimeOffset now) => Next(status, 0, now);

    public static DateTimeOffset? Next(AttemptStatus status, int asked, DateTimeOffset now) => status switch
    {
        AttemptStatus.Unknown or AttemptStatus.Abandoned => now + Uncertain(asked),
        AttemptStatus.Prepared or AttemptStatus.Sent => now + TimeSpan.FromSeconds(25) + Uncertain(asked),
        AttemptStatus.Pending => Open(asked, now),
        _ => null,
    };

    public static DateTimeOffset? Next(RefundStatus status, int asked, DateTimeOffset now) => status switch
    {
        RefundStatus.Unknown => now + Uncertain(asked),
        RefundStatus.Reserved => now + TimeSpan.FromSeconds(25) + Uncertain(asked),
        RefundStatus.Pending => Open(asked, now),
        // A provider may still take a success back, for about 30 days (Stripe, sheet A2); its webhook tells, a daily question makes sure.
        RefundStatus.Succeeded when asked < 30 => now + TimeSpan.FromDays(1),
        _ => null,
    };

    private static TimeSpan Uncertain(int asked) =>
        asked > UncertainTriesClose ? TimeSpan.FromMinutes(Math.Min(60, asked - UncertainTriesClose)) :
        TimeSpan.FromSeconds(Math.Min(UncertainGapMax.TotalSeconds, Math.Pow(2, Math.Min(asked, 10))));

    private static DateTimeOffset? Open(int asked, DateTimeOffset now) =>
        asked >= OpenTriesMax ? null : now + OpenGaps[Math.Min(asked, OpenGaps.Length - 1)];
}
