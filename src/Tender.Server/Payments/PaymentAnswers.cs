using System.Text.Json;
using Tender.Domain.Payments;
using Tender.Server.Hosting;

namespace Tender.Server.Payments;

/// <summary>Payments as JSON, and the outcomes of their use cases as HTTP.</summary>
internal static class PaymentAnswers
{
    public static PaymentSummary Of(ListPayments.Row row) => new(
        row.Id, row.AmountMinor, row.Currency, row.Status, row.Exception, row.Dispute, row.ReceivedMinor, row.RefundedMinor, row.Purpose, row.Description,
        row.PayerEmail, row.PayerName, row.Provider, row.ConnectionId, row.CreatedAt, row.SucceededAt);

    public static PaymentView Of(ReadPaymentDetail.Detail detail)
    {
        var payment = detail.Payment;
        var metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(payment.Metadata)!.Where(m => !m.Key.StartsWith("tender_", StringComparison.Ordinal));
        return new(
            payment.Id, payment.Mode, payment.AmountMinor, payment.Currency, payment.Status, payment.Exception, payment.Dispute, payment.ReceivedMinor,
            payment.RefundedMinor, detail.RefundableMinor, payment.Purpose, payment.PurposeId, payment.Description, payment.PayerEmail, payment.PayerName,
            payment.Provider, payment.ConnectionId, payment.CreatedAt, payment.ExpiresAt, payment.SucceededAt, metadata.ToDictionary(), detail.Verdicts,
            detail.Attempts.Select(a => new AttemptView(a.Id, a.ConnectionId, a.Provider, a.Status, a.ProviderPaymentId, a.ReceivedMinor, a.FeeMinor, a.FeeCurrency, a.Note, a.StartedAt, a.AskAt)),
            detail.Refunds.Select(r => new RefundView(r.Id, r.AmountMinor, r.Currency, r.Status, r.ProviderRefundId, r.Reason, r.Note, r.CreatedAt)),
            detail.Disputes.Select(d => new DisputeView(d.Id, d.AttemptId, d.ProviderDisputeId, d.AmountMinor, d.Currency, d.Status, d.OpenedAt)),
            detail.Cases.Select(c => new CaseView(c.Id, c.Kind, c.Detail, c.OpenedAt, c.ClosedAt, c.Outcome)),
            detail.Events.Select(e => new EventView(e.Id, e.Type, e.At, JsonDocument.Parse(e.Payload).RootElement)));
    }

    public static IResult Of(CancelPayment.Outcome outcome) => outcome switch
    {
        CancelPayment.Outcome.Canceled { Payment: var payment } => Results.Ok(new PaymentState(payment.Id, payment.Payment.Status.ToWord())),
        CancelPayment.Outcome.NotFound => UnknownPayment(),
        CancelPayment.Outcome.Closed { Status: var status } => NotIn("payment_closed", $"The payment is {status.ToWord()}; it cannot be canceled.", status),
        CancelPayment.Outcome.NotReached => Problem.BadGateway("provider_unavailable", "The provider was not reached; the payment is still open. Try again.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    public static IResult Of(CapturePayment.Outcome outcome) => outcome switch
    {
        CapturePayment.Outcome.Captured { Payment: var payment } =>
            Results.Ok(new PaymentCaptured(payment.Id, payment.Payment.Status.ToWord(), payment.Payment.Received.Minor)),
        CapturePayment.Outcome.NotFound => UnknownPayment(),
        CapturePayment.Outcome.NotHeld { Status: var status } => NotIn("nothing_held", $"No money is held for this payment; it is {status.ToWord()}.", status),
        CapturePayment.Outcome.SentBack => NotIn("payment_refunded", "The payment was refunded in full; there is nothing left to capture.", PaymentStatus.Succeeded),
        CapturePayment.Outcome.TooMuch { Most: var most } => Problem.Impossible("capture_too_large", $"At most {most} can be captured.", "amount"),
        CapturePayment.Outcome.Refused { Reason: var reason } => Problem.BadGateway("provider_refused", $"The provider refused the capture: {reason}"),
        CapturePayment.Outcome.NotReached { Why: var why } => Problem.BadGateway("provider_unavailable", $"The provider gave no answer ({why}). Read the payment again before capturing.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    /// <summary>Why nobody can be asked for the sum.</summary>
    public static Problem NotStarted(Started started) => started switch
    {
        Started.NothingServes { Verdicts: var verdicts } => Problem.Impossible("no_connection_serves",
            verdicts.Count is 0 ? "No payment provider is connected." : $"No connection serves this payment: {string.Join("; ", verdicts.Select(v => $"{v.Name} {v.Reason}"))}."),
        Started.Refused { Reason: var reason } => Problem.BadGateway("provider_refused", $"The payment provider refused: {reason}"),
        Started.NobodyAnswered { Reason: var reason } =>
            Problem.BadGateway("provider_unavailable", $"No payment provider answered ({reason}). Nothing was charged; try again.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {started.GetType().Name}"),
    };

    public static Problem UnknownPayment() => Problem.NotFound("unknown_payment", "There is no such payment.");

    /// <summary>409 for what cannot be done to a payment in its state.</summary>
    public static Problem NotIn(string code, string detail, PaymentStatus status) => Problem.Conflict(code, detail).With("paymentStatus", status.ToWord());
}
