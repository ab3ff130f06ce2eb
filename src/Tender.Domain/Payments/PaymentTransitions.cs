using Tender.Domain.Providers;
using static Tender.Domain.Payments.PaymentStatus;

namespace Tender.Domain.Payments;

/// <summary>
/// The whole state machine of a payment. Read it top to bottom; the first row that fits wins.
/// Every row only ever strengthens the status, so any order and any repetition of reports ends in the same place.
/// </summary>
public static class PaymentTransitions
{
    public static PaymentStatus Next(PaymentStatus now, ReportedStatus reported) => (now, reported) switch
    {
        // Money is final: it goes back only as a refund or a dispute, each with a record of its own.
        (Succeeded, _) => Succeeded,

        // Money may arrive after we gave up on it: a slow bank, a late webhook. Believe the money.
        (_, ReportedStatus.Succeeded) => Succeeded,

        // Not knowing changes nothing, and neither does a declined try while the payment is still open.
        (_, ReportedStatus.Unknown) => now,
        (_, ReportedStatus.Declined) => Stronger(now, AwaitingPayer),

        (_, ReportedStatus.Pending) => Stronger(now, AwaitingPayer),
        (_, ReportedStatus.Processing or ReportedStatus.Authorized) => Stronger(now, Processing),
        (_, ReportedStatus.Failed) => Stronger(now, Failed),
        (_, ReportedStatus.Expired) => Stronger(now, Expired),
        (_, ReportedStatus.Canceled) => Stronger(now, Canceled),

        _ => throw new BrokenRuleException($"{now} has no answer to {reported}"),
    };

    /// <summary>Statuses that only money can still change.</summary>
    public static bool IsClosed(this PaymentStatus status) => status is Failed or Expired or Canceled or Succeeded;

    private static PaymentStatus Stronger(PaymentStatus left, PaymentStatus right) => left > right ? left : right;
}
