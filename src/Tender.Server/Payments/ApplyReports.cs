using Tender.Domain.Disputes;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Applies proven reports to a stored payment, each by its own rule of the Domain.</summary>
internal static class ApplyReports
{
    public static StoredPayment To(StoredPayment payment, string attemptId, IEnumerable<ProviderReport> reports, Ids ids) =>
        reports.Aggregate(payment, (now, report) => report switch
        {
            PaymentReport said => now with { Payment = now.Payment.Apply(attemptId, said).After },
            RefundReport said => now with { Refunds = With(now, attemptId, said, ids) },
            DisputeReport said => now with { Disputes = With(now, attemptId, said, ids) },
            _ => throw new Domain.BrokenRuleException($"no rule for {report.GetType().Name}"),
        });

    // A refund we asked for is found by our reference or the provider's id; any other was made in the provider's own dashboard.
    private static List<Refund> With(StoredPayment payment, string attemptId, RefundReport report, Ids ids)
    {
        var refunds = payment.Refunds.ToList();
        var index = refunds.FindIndex(r => r.Id == report.Reference || r.ProviderRefundId == report.ProviderRefundId);
        if (index < 0)
        {
            refunds.Add(new(ids.New("ref", Ids.TenantOf(payment.Id)!), payment.Id, attemptId, report.Amount, RefundStatus.Pending));
            index = refunds.Count - 1;
        }

        refunds[index] = refunds[index].After(report);
        return refunds;
    }

    private static List<Dispute> With(StoredPayment payment, string attemptId, DisputeReport report, Ids ids)
    {
        var disputes = payment.Disputes.ToList();
        var index = disputes.FindIndex(d => d.ProviderDisputeId == report.ProviderDisputeId);
        if (index < 0)
        {
            disputes.Add(new(ids.New("dsp", Ids.TenantOf(payment.Id)!), payment.Id, attemptId, report.ProviderDisputeId, report.Amount, DisputeStatus.Inquiry));
            index = disputes.Count - 1;
        }

        disputes[index] = disputes[index].After(report);
        return disputes;
    }
}
