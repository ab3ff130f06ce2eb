using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Stripe's words for where things stand, in ours. A word that is not here is Unknown: new ones appear without notice.</summary>
internal static class StripeStatus
{
    public static ReportedStatus Of(StripePaymentIntent payment) => payment.Status switch
    {
        "requires_payment_method" => payment.LastPaymentError is null ? ReportedStatus.Pending : ReportedStatus.Declined,
        "requires_confirmation" or "requires_action" => ReportedStatus.Pending,
        "processing" => ReportedStatus.Processing,
        "requires_capture" => ReportedStatus.Authorized,
        "succeeded" => ReportedStatus.Succeeded,

        // Stripe's own clock, or ours: Tender closes what nobody paid as abandoned.
        "canceled" => payment.CancellationReason is "automatic" or "expired" or "abandoned" ? ReportedStatus.Expired : ReportedStatus.Canceled,
        _ => ReportedStatus.Unknown,
    };

    public static ReportedStatus Of(StripeSession session) => (session.Status, session.PaymentStatus) switch
    {
        (_, "paid" or "no_payment_required") => ReportedStatus.Succeeded,
        ("expired", _) => ReportedStatus.Expired,
        ("complete", "unpaid") => OfUnpaid(session.PaymentIntent),
        ("open", _) => session.PaymentIntent?.Status is null ? ReportedStatus.Pending : Of(session.PaymentIntent),
        _ => ReportedStatus.Unknown,
    };

    /// <summary>A charge is one try: that it failed leaves the payment open for another.</summary>
    public static ReportedStatus Of(StripeCharge charge) => charge.Status switch
    {
        "succeeded" => charge.Captured is true ? ReportedStatus.Succeeded : ReportedStatus.Authorized,
        "pending" => ReportedStatus.Processing,
        "failed" => ReportedStatus.Declined,
        _ => ReportedStatus.Unknown,
    };

    /// <summary>Pending claims the least, so an unknown word reads as that.</summary>
    public static ReportedRefundStatus Of(StripeRefund refund) => refund.Status switch
    {
        "succeeded" => ReportedRefundStatus.Succeeded,
        "failed" => ReportedRefundStatus.Failed,
        "canceled" => ReportedRefundStatus.Canceled,
        _ => ReportedRefundStatus.Pending,
    };

    /// <summary>The words that begin with warning are questions by the bank; no money has moved.</summary>
    public static ReportedDisputeStatus? Of(StripeDispute dispute) => dispute.Status switch
    {
        "warning_needs_response" or "warning_under_review" or "warning_closed" => ReportedDisputeStatus.Inquiry,
        "needs_response" or "under_review" => ReportedDisputeStatus.Open,
        "lost" => ReportedDisputeStatus.Lost,
        "won" or "prevented" => ReportedDisputeStatus.Won,
        _ => null,
    };

    // The payer is done with the page and cannot try again there: what is unpaid is on its way, held for us, or finally failed.
    private static ReportedStatus OfUnpaid(StripePaymentIntent? payment) => payment?.Status switch
    {
        "requires_capture" => ReportedStatus.Authorized,
        "succeeded" => ReportedStatus.Succeeded,
        "canceled" => Of(payment),
        "requires_payment_method" when payment.LastPaymentError is not null => ReportedStatus.Failed,
        _ => ReportedStatus.Processing,
    };
}
