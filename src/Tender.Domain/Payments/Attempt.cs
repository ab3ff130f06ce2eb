using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Domain.Payments;

/// <summary>One try to collect a payment through one connection.</summary>
public sealed record Attempt(string Id, string ConnectionId, AttemptStatus Status, string? ProviderPaymentId = null, Money? Received = null, bool IsAuthorized = false, Money? Fee = null)
{
    /// <summary>True until its provider has said how it ended.</summary>
    public bool MayStillBePaid => Status is AttemptStatus.Sent or AttemptStatus.Unknown or AttemptStatus.Pending or AttemptStatus.Abandoned;

    /// <summary>The attempt after a report: the status strengthens, what was received only grows.</summary>
    public Attempt After(PaymentReport report) => this with
    {
        Status = AttemptTransitions.Next(Status, report.Status),
        ProviderPaymentId = Later(ProviderPaymentId, report.ProviderPaymentId),
        Received = Larger(Received, report.Status is ReportedStatus.Succeeded ? report.Received : null),
        Fee = Larger(Fee, report.Fee),
        IsAuthorized = IsAuthorized || report.Status is ReportedStatus.Authorized,
    };

    // A provider may name one payment by two ids (a session, then its payment). Always the same one must win, whichever came first.
    private static string Later(string? left, string right) => string.CompareOrdinal(left, right) > 0 ? left! : right;

    private static Money? Larger(Money? left, Money? right) =>
        left is not { } l ? right :
        right is not { } r ? left :
        (l.Currency.Code, l.Minor).CompareTo((r.Currency.Code, r.Minor)) >= 0 ? l : r;
}
