using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Domain.Refunds;

/// <summary>Money going back to the payer: reserved before the provider is called, so the sum never passes what was paid.</summary>
public sealed record Refund(string Id, string PaymentId, string AttemptId, Money Amount, RefundStatus Status, string? ProviderRefundId = null)
{
    /// <summary>True while this refund takes up part of what was paid.</summary>
    public bool Reserves => Status is not (RefundStatus.Failed or RefundStatus.Canceled);

    /// <summary>The refund after the provider's word; facts only strengthen it, so their order does not matter.</summary>
    public Refund After(RefundReport report) => this with
    {
        Status = RefundTransitions.Next(Status, report.Status),
        ProviderRefundId = ProviderRefundId ?? report.ProviderRefundId,
    };
}

/// <summary>Where a refund stands, in order of strength. Failed is the strongest: a provider may take "succeeded" back, never "failed".</summary>
public enum RefundStatus
{
    Reserved,
    Unknown,
    Pending,
    Succeeded,
    Canceled,
    Failed,
}

/// <summary>The state machine of a refund.</summary>
public static class RefundTransitions
{
    public static RefundStatus Next(RefundStatus now, ReportedRefundStatus reported)
    {
        var said = reported switch
        {
            ReportedRefundStatus.Pending => RefundStatus.Pending,
            ReportedRefundStatus.Succeeded => RefundStatus.Succeeded,
            ReportedRefundStatus.Canceled => RefundStatus.Canceled,
            ReportedRefundStatus.Failed => RefundStatus.Failed,
            _ => throw new BrokenRuleException($"{now} has no answer to {reported}"),
        };
        return said > now ? said : now;
    }
}

/// <summary>The rule of reservation.</summary>
public static class Refundable
{
    /// <summary>What may still be refunded: received less everything that reserves.</summary>
    public static Money Left(Money received, IEnumerable<Refund> refunds) =>
        refunds.Where(refund => refund.Reserves).Aggregate(received, (left, refund) => left - refund.Amount);
}
