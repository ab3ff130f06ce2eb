using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Stripe's objects as facts in our words. An object without an id, or without a payment it belongs to, states nothing to us.</summary>
internal static class StripeReports
{
    /// <param name="at">When the news happened; null where only the object itself can say.</param>
    public static PaymentReport? Of(StripePaymentIntent payment, DateTimeOffset? at, string? evidence)
    {
        if (payment.Id is null) return null;

        var status = StripeStatus.Of(payment);
        var charge = payment.LatestCharge;
        var received = status is ReportedStatus.Succeeded ? StripeAmounts.FromWire(payment.AmountReceived ?? payment.Amount, payment.Currency) : null;
        return new(
            payment.Metadata?.TenderAttempt, payment.Id, status, received, FeeOf(charge),
            at ?? Time(payment.CanceledAt ?? (charge is { Created: > 0 } ? charge.Created : payment.Created)),
            NoteOf(payment, status, received), evidence);
    }

    public static PaymentReport? Of(StripeSession session, DateTimeOffset? at, string? evidence)
    {
        if (session.Id is null) return null;

        var status = StripeStatus.Of(session);
        var received = status is ReportedStatus.Succeeded ? StripeAmounts.FromWire(session.AmountTotal, session.Currency) : null;
        var payment = session.PaymentIntent;
        return new(
            session.Metadata?.TenderAttempt ?? session.ClientReferenceId, payment?.Id ?? session.Id, status, received, FeeOf(payment?.LatestCharge),
            at ?? Time(payment?.LatestCharge is { Created: > 0 } charge ? charge.Created : session.Created),
            NoteOf(payment, status, received) ?? NotCounted(status, received, session.AmountTotal, session.Currency), evidence);
    }

    public static PaymentReport? Of(StripeCharge charge, DateTimeOffset? at, string? evidence)
    {
        if (charge.PaymentIntent?.Id is not { } payment) return null;

        var status = StripeStatus.Of(charge);
        var taken = charge.AmountCaptured ?? charge.Amount;
        var received = status is ReportedStatus.Succeeded ? StripeAmounts.FromWire(taken, charge.Currency) : null;
        var declined = status is ReportedStatus.Declined ? StripeErrors.Decline(charge.FailureCode, charge.Outcome?.Reason, charge.FailureMessage) : null;
        return new(
            charge.Metadata?.TenderAttempt, payment, status, received, status is ReportedStatus.Succeeded ? FeeOf(charge) : null, at ?? Time(charge.Created),
            declined ?? NotCounted(status, received, taken, charge.Currency), evidence);
    }

    public static RefundReport? Of(StripeRefund refund, DateTimeOffset? at, string? evidence) =>
        refund is { Id: { } id, PaymentIntent.Id: { } payment } && StripeAmounts.FromWire(refund.Amount, refund.Currency) is { } amount
            ? new(refund.Metadata?.TenderRefund, payment, id, StripeStatus.Of(refund), amount, at ?? Time(refund.Created), Words(refund.FailureReason), evidence)
            : null;

    public static DisputeReport? Of(StripeDispute dispute, DateTimeOffset? at, string? evidence) =>
        dispute is { Id: { } id, PaymentIntent.Id: { } payment } && StripeStatus.Of(dispute) is { } status &&
        StripeAmounts.FromWire(dispute.Amount, dispute.Currency) is { } amount
            ? new(payment, id, status, amount, at ?? Time(dispute.Created), Words(dispute.Reason), evidence)
            : null;

    public static DateTimeOffset Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);

    private static Money? FeeOf(StripeCharge? charge) => StripeAmounts.FromWire(charge?.BalanceTransaction?.Fee, charge?.BalanceTransaction?.Currency);

    private static string? NoteOf(StripePaymentIntent? payment, ReportedStatus status, Money? received) => status switch
    {
        ReportedStatus.Declined or ReportedStatus.Failed when payment?.LastPaymentError is { } error =>
            StripeErrors.Decline(error.Code, error.DeclineCode, error.Message),
        ReportedStatus.Pending when payment?.Status is "requires_action" => "The payer has one more step to do, such as confirming with the bank.",
        ReportedStatus.Unknown when payment?.Status is { } word => $"Stripe says {Words(word)}.",
        ReportedStatus.Canceled or ReportedStatus.Expired => Words(payment?.CancellationReason),
        _ => payment is null ? null : NotCounted(status, received, payment.AmountReceived, payment.Currency),
    };

    // Money that we cannot count exactly is still money: it is reported as succeeded without a sum, and a person looks at it.
    private static string? NotCounted(ReportedStatus status, Money? received, long? wire, string? currency) =>
        status is ReportedStatus.Succeeded && received is null ? $"Stripe took {wire} {currency}, which Tender cannot count." : null;

    private static string? Words(string? code) => code?.Replace('_', ' ');
}
