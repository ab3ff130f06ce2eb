using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>What is written into the event log of a payment: what was said, by whom, with its evidence, and what followed.</summary>
internal sealed class PaymentEvents(EventLog log)
{
    /// <summary>The rest came to a payment that had succeeded with less.</summary>
    public const string PaidInFull = "payment.paid_in_full";

    private const string Mail = "mail";

    public void Add(Batch batch, StoredPayment before, StoredPayment after, News news, DateTimeOffset now)
    {
        // What a webhook said stays on record even when it is no news; our own questions would only fill the log.
        if (after.DiffersFrom(before) || news.Source is "webhook")
        {
            foreach (var report in news.Reports) AddReport(batch, after, report, news.Source, now);
        }

        if (before.Payment.Status != after.Payment.Status)
            Add(batch, after, $"payment.{after.Payment.Status.ToWord()}", now, new { from = before.Payment.Status.ToWord(), exception = after.Payment.Exception.ToWord() },
                after.Payment.IsPaidInFull ? MailTo(after) : []);
        else if (after.Payment.IsPaidInFull && !before.Payment.IsPaidInFull)
            Add(batch, after, PaidInFull, now, new { exception = after.Payment.Exception.ToWord() }, MailTo(after));

        foreach (var refund in after.Refunds.Except(before.Refunds).Where(r => Status(before, r) != r.Status))
            Add(batch, after, $"refund.{refund.Status.ToWord()}", now, new { refund = refund.Id, amount = refund.Amount.Minor, currency = refund.Amount.Currency.Code },
                refund.Status is RefundStatus.Succeeded ? MailTo(after) : []);

        foreach (var dispute in after.Disputes.Except(before.Disputes))
            Add(batch, after, $"dispute.{dispute.Status.ToWord()}", now, new { dispute = dispute.Id, amount = dispute.Amount.Minor, currency = dispute.Amount.Currency.Code });
    }

    /// <summary>Adds a fact of our own to the payment's history.</summary>
    public void Add(Batch batch, StoredPayment payment, string type, DateTimeOffset now, object payload, params string[] consumers) =>
        log.Append(batch, type, payment.Id, payment.Id, now, JsonSerializer.Serialize(payload, Json.Options), null, consumers);

    private static string[] MailTo(StoredPayment payment) => string.IsNullOrEmpty(payment.Terms.PayerEmail) ? [] : [Mail];

    private void AddReport(Batch batch, StoredPayment payment, ProviderReport report, string source, DateTimeOffset now)
    {
        var payload = report switch
        {
            PaymentReport said => JsonSerializer.Serialize(new { source, says = said.Status.ToWord(), note = said.Note, providerId = said.ProviderPaymentId, at = said.OccurredAt }, Json.Options),
            RefundReport said => JsonSerializer.Serialize(new { source, says = said.Status.ToWord(), note = said.Note, providerId = said.ProviderRefundId, at = said.OccurredAt }, Json.Options),
            DisputeReport said => JsonSerializer.Serialize(new { source, says = said.Status.ToWord(), note = said.Note, providerId = said.ProviderDisputeId, at = said.OccurredAt }, Json.Options),
            _ => "{}",
        };
        log.Append(batch, "provider.reported", payment.Id, payment.Id, now, payload, report.Evidence);
    }

    private static RefundStatus? Status(StoredPayment payment, Refund refund) => payment.Refunds.FirstOrDefault(r => r.Id == refund.Id)?.Status;
}
