using Tender.Domain.Amounts;
using Tender.Domain.Disputes;
using Tender.Domain.Ledger;
using Tender.Domain.Refunds;

namespace Tender.Server.Payments;

/// <summary>Which money moved between two states of one payment. Pure, so that the same change always writes the same ledger.</summary>
internal static class PaymentMovements
{
    public static IEnumerable<Movement> Between(StoredPayment before, StoredPayment after)
    {
        foreach (var attempt in after.Payment.Attempts)
        {
            var was = before.Payment.Attempts.FirstOrDefault(a => a.Id == attempt.Id);
            if (Grew(was?.Received, attempt.Received)) yield return Movement.Paid(attempt.Id, attempt.ConnectionId, attempt.Received!.Value, was?.Received);
            if (Grew(was?.Fee, attempt.Fee)) yield return Movement.Fee(attempt.Id, attempt.ConnectionId, attempt.Fee!.Value, was?.Fee);
        }

        foreach (var refund in after.Refunds)
        {
            var was = before.Refunds.FirstOrDefault(r => r.Id == refund.Id)?.Status;
            var connectionId = after.ConnectionOf(refund.AttemptId);
            if (refund.Status is RefundStatus.Succeeded && was is not RefundStatus.Succeeded)
                yield return Movement.Refunded(refund.Id, connectionId, refund.Amount);
            if (refund.Status is RefundStatus.Failed or RefundStatus.Canceled && was is RefundStatus.Succeeded)
                yield return Movement.RefundReturned(refund.Id, connectionId, refund.Amount);
        }

        foreach (var dispute in after.Disputes)
        {
            var was = before.Disputes.FirstOrDefault(d => d.Id == dispute.Id)?.Status;
            var connectionId = after.ConnectionOf(dispute.AttemptId);
            if (HoldsMoney(dispute.Status) && !HoldsMoney(was)) yield return Movement.Disputed(dispute.Id, connectionId, dispute.Amount);
            if (dispute.Status is DisputeStatus.Won && HoldsMoney(was)) yield return Movement.DisputeWon(dispute.Id, connectionId, dispute.Amount);
        }
    }

    private static bool HoldsMoney(DisputeStatus? status) => status is DisputeStatus.Open or DisputeStatus.Lost;

    // A sum that turns up in another currency is a mismatch: a person sees to it before it is booked.
    private static bool Grew(Money? was, Money? now) =>
        now is { IsPositive: true } sum && (was is not { } had || (had.Currency == sum.Currency && sum > had));
}
