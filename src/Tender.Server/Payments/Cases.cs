using Tender.Domain.Disputes;
using Tender.Domain.Payments;
using Tender.Domain.Refunds;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// Opens a case for a person where no rule may decide: money too late, too much, too little, twice, disputed, or not gone back.
/// Closes it when what it was about is so no more: the rest came.
/// </summary>
internal static class Cases
{
    public static void AddChanges(Batch batch, StoredPayment before, StoredPayment after, Ids ids, DateTimeOffset now)
    {
        var exception = after.Payment.Exception;
        if (exception is not PaymentException.None && exception != before.Payment.Exception)
            Open(batch, after.Id, exception.ToWord(), $"{after.Payment.Received} of {after.Payment.Amount} came.", ids, now);

        foreach (var settled in Enum.GetValues<PaymentException>().Where(kind => before.Payment.Has(kind) && !after.Payment.Has(kind)))
            Close(batch, after.Id, settled.ToWord(), $"It settled itself: {after.Payment.Received} of {after.Payment.Amount} came.", now);

        foreach (var dispute in after.Disputes.Except(before.Disputes).Where(d => d.Status is DisputeStatus.Open))
            Open(batch, after.Id, "dispute", $"The payer's bank asks {dispute.Amount} back.", ids, now);

        foreach (var ended in after.Disputes.Except(before.Disputes).Where(d => d.Status is DisputeStatus.Won or DisputeStatus.Lost))
            Close(batch, after.Id, "dispute", ended.Status is DisputeStatus.Won ? "It ended: the money stays." : $"It ended: the payer's bank took {ended.Amount} back.", now);

        foreach (var refund in after.Refunds.Except(before.Refunds).Where(r => r.Status is RefundStatus.Failed))
            Open(batch, after.Id, "refund_failed", $"The refund of {refund.Amount} did not reach the payer.", ids, now);
    }

    /// <summary>The provider does not say how something ended.</summary>
    public static void OpenUnsettled(Batch batch, string paymentId, string detail, Ids ids, DateTimeOffset now) => Open(batch, paymentId, "unsettled", detail, ids, now);

    /// <summary>What was bought had been paid for by another payment.</summary>
    public static void OpenPaidTwice(Batch batch, string paymentId, string detail, Ids ids, DateTimeOffset now) => Open(batch, paymentId, "paid_twice", detail, ids, now);

    private static void Close(Batch batch, string paymentId, string kind, string outcome, DateTimeOffset now) =>
        batch.Add("update cases set closed_at = @Now, outcome = @Outcome, closed_by = 'tender' where payment_id = @PaymentId and kind = @Kind and closed_at is null",
            new { PaymentId = paymentId, Kind = kind, Outcome = outcome, Now = now });

    private static void Open(Batch batch, string paymentId, string kind, string detail, Ids ids, DateTimeOffset now) =>
        batch.Add("""
            insert into cases (id, payment_id, kind, detail, opened_at) values (@Id, @PaymentId, @Kind, @Detail, @Now)
            on conflict (payment_id, kind) where closed_at is null do nothing
            """, new { Id = ids.New("case", Ids.TenantOf(paymentId)!), PaymentId = paymentId, Kind = kind, Detail = detail, Now = now });
}
