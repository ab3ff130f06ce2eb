using Tender.Domain.Refunds;
using Tender.Server.Hosting;
using Tender.Server.Payments;

namespace Tender.Server.Refunds;

/// <summary>The outcomes of a refund as HTTP.</summary>
internal static class RefundAnswers
{
    public static IResult Of(RefundPayment.Outcome outcome) => outcome switch
    {
        RefundPayment.Outcome.Sent { Refund: var refund } => Results.Created((string?)null, new RefundSent(
            refund.Id, refund.PaymentId, refund.Amount.Minor, refund.Amount.Currency.Code, refund.Status.ToWord(), refund.ProviderRefundId)),
        RefundPayment.Outcome.NotFound => PaymentAnswers.UnknownPayment(),
        RefundPayment.Outcome.NotPaid { Status: var status } =>
            PaymentAnswers.NotIn("not_paid", $"Only a paid payment can be refunded; this one is {status.ToWord()}.", status),
        RefundPayment.Outcome.TooMuch { Left: var left } => Problem.Impossible("refund_too_large", $"{left} can still be refunded.", "amount").With("refundable", left.Minor),
        RefundPayment.Outcome.Refused { Reason: var reason } => Problem.BadGateway("provider_refused", $"The provider refused the refund: {reason} Nothing was sent back."),
        RefundPayment.Outcome.NotReached { Why: var why } => Problem.BadGateway("provider_unavailable", $"The provider was not reached ({why}). Nothing was sent back; try again.").RetryAfter(5),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };
}

/// <summary>A refund that was sent.</summary>
/// <param name="Status">reserved, unknown, pending, succeeded, canceled or failed.</param>
internal sealed record RefundSent(string Id, string PaymentId, long Amount, string Currency, [WordsOf<RefundStatus>] string Status, string? ProviderRefundId);
