using System.Text.Json;
using Tender.Domain.Payments;
using Tender.Server.Hosting;
using Tender.Server.Refunds;

namespace Tender.Server.Payments;

/// <summary>Payments as JSON, and the outcomes of their use cases as HTTP.</summary>
internal static class PaymentAnswers
{
    public static object Of(ListPayments.Row row) => new
    {
        row.Id,
        Amount = row.AmountMinor,
        row.Currency,
        row.Status,
        row.Exception,
        row.Dispute,
        AmountReceived = row.ReceivedMinor,
        AmountRefunded = row.RefundedMinor,
        row.Purpose,
        row.Description,
        row.PayerEmail,
        row.PayerName,
        row.Provider,
        row.ConnectionId,
        row.CreatedAt,
        row.SucceededAt,
    };

    public static object Of(ReadPaymentDetail.Detail detail)
    {
        var payment = detail.Payment;
        return new
        {
            payment.Id,
            payment.Mode,
            Amount = payment.AmountMinor,
            payment.Currency,
            payment.Status,
            payment.Exception,
            payment.Dispute,
            AmountReceived = payment.ReceivedMinor,
            AmountRefunded = payment.RefundedMinor,
            AmountRefundable = detail.RefundableMinor,
            payment.Purpose,
            payment.PurposeId,
            payment.Description,
            payment.PayerEmail,
            payment.PayerName,
            payment.Provider,
            payment.ConnectionId,
            payment.CreatedAt,
            payment.ExpiresAt,
            payment.SucceededAt,
            Metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(payment.Metadata)!.Where(m => !m.Key.StartsWith("tender_", StringComparison.Ordinal)).ToDictionary(),
            Route = detail.Verdicts,
            Attempts = detail.Attempts.Select(a => new { a.Id, a.ConnectionId, a.Provider, a.Status, a.ProviderPaymentId, AmountReceived = a.ReceivedMinor, Fee = a.FeeMinor, a.FeeCurrency, a.Note, a.StartedAt, a.AskAt }),
            Refunds = detail.Refunds.Select(r => new { r.Id, Amount = r.AmountMinor, r.Currency, r.Status, r.ProviderRefundId, r.Reason, r.Note, r.CreatedAt }),
            Disputes = detail.Disputes.Select(d => new { d.Id, d.ProviderDisputeId, Amount = d.AmountMinor, d.Currency, d.Status, d.OpenedAt }),
            Cases = detail.Cases,
            Timeline = detail.Events.Select(e => new { e.Id, e.Type, e.At, Payload = JsonDocument.Parse(e.Payload).RootElement }),
        };
    }

    public static IResult Of(RefundPayment.Outcome outcome) => outcome switch
    {
        RefundPayment.Outcome.Sent { Refund: var refund } => Results.Created((string?)null, new
        {
            refund.Id,
            refund.PaymentId,
            Amount = refund.Amount.Minor,
            Currency = refund.Amount.Currency.Code,
            Status = refund.Status.ToWord(),
            refund.ProviderRefundId,
        }),
        RefundPayment.Outcome.NotFound => UnknownPayment(),
        RefundPayment.Outcome.NotPaid { Status: var status } => NotIn("not_paid", $"Only a paid payment can be refunded; this one is {status.ToWord()}.", status),
        RefundPayment.Outcome.TooMuch { Left: var left } => Problem.Impossible("refund_too_large", $"{left} can still be refunded.", "amount").With("refundable", left.Minor),
        RefundPayment.Outcome.Refused { Reason: var reason } => Problem.BadGateway("provider_refused", $"The provider refused the refund: {reason} Nothing was sent back."),
        RefundPayment.Outcome.NotReached { Why: var why } => Problem.BadGateway("provider_unavailable", $"The provider was not reached ({why}). Nothing was sent back; try again.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    public static IResult Of(CancelPayment.Outcome outcome) => outcome switch
    {
        CancelPayment.Outcome.Canceled { Payment: var payment } => Results.Ok(new { payment.Id, Status = payment.Payment.Status.ToWord() }),
        CancelPayment.Outcome.NotFound => UnknownPayment(),
        CancelPayment.Outcome.Closed { Status: var status } => NotIn("payment_closed", $"The payment is {status.ToWord()}; it cannot be canceled.", status),
        CancelPayment.Outcome.NotReached => Problem.BadGateway("provider_unavailable", "The provider was not reached; the payment is still open. Try again.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    public static IResult Of(CapturePayment.Outcome outcome) => outcome switch
    {
        CapturePayment.Outcome.Captured { Payment: var payment } =>
            Results.Ok(new { payment.Id, Status = payment.Payment.Status.ToWord(), AmountReceived = payment.Payment.Received.Minor }),
        CapturePayment.Outcome.NotFound => UnknownPayment(),
        CapturePayment.Outcome.NotHeld { Status: var status } => NotIn("nothing_held", $"No money is held for this payment; it is {status.ToWord()}.", status),
        CapturePayment.Outcome.TooMuch { Most: var most } => Problem.Impossible("capture_too_large", $"At most {most} can be captured.", "amount"),
        CapturePayment.Outcome.Refused { Reason: var reason } => Problem.BadGateway("provider_refused", $"The provider refused the capture: {reason}"),
        CapturePayment.Outcome.NotReached { Why: var why } => Problem.BadGateway("provider_unavailable", $"The provider gave no answer ({why}). Read the payment again before capturing.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    public static Problem UnknownPayment() => Problem.NotFound("unknown_payment", "There is no such payment.");

    private static Problem NotIn(string code, string detail, PaymentStatus status) => Problem.Conflict(code, detail).With("status", status.ToWord());
}
