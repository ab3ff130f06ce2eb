using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;

namespace Tender.Domain.Disputes;

/// <summary>The payer's bank asks the money back.</summary>
/// <param name="AttemptId">The attempt whose money it is about.</param>
public sealed record Dispute(string Id, string PaymentId, string AttemptId, string ProviderDisputeId, Money Amount, DisputeStatus Status)
{
    public Dispute After(DisputeReport report) => this with { Status = DisputeTransitions.Next(Status, report.Status) };
}

/// <summary>Where a dispute stands, in order of strength.</summary>
public enum DisputeStatus
{
    Inquiry,
    Open,
    Lost,
    Won,
}

/// <summary>The state machine of a dispute.</summary>
public static class DisputeTransitions
{
    public static DisputeStatus Next(DisputeStatus now, ReportedDisputeStatus reported)
    {
        var said = reported switch
        {
            ReportedDisputeStatus.Inquiry => DisputeStatus.Inquiry,
            ReportedDisputeStatus.Open => DisputeStatus.Open,
            ReportedDisputeStatus.Lost => DisputeStatus.Lost,
            ReportedDisputeStatus.Won => DisputeStatus.Won,
            _ => throw new BrokenRuleException($"{now} has no answer to {reported}"),
        };
        return said > now ? said : now;
    }

    /// <summary>How a payment shows its disputes: an open one first, then a lost, then a won one. An inquiry moves no money and shows as none.</summary>
    public static PaymentDispute Of(IEnumerable<DisputeStatus> disputes)
    {
        var all = disputes.ToHashSet();
        return all.Contains(DisputeStatus.Open) ? PaymentDispute.Open :
            all.Contains(DisputeStatus.Lost) ? PaymentDispute.Lost :
            all.Contains(DisputeStatus.Won) ? PaymentDispute.Won : PaymentDispute.None;
    }
}
