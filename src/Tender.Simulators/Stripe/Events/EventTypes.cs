namespace Tender.Simulators.Stripe.Events;

/// <summary>The event types that an endpoint may ask for (fiat-cards sheet A3; there is no payment_intent.failed).</summary>
internal static class EventTypes
{
    public static readonly IReadOnlySet<string> Known = new HashSet<string>("""
        checkout.session.completed checkout.session.async_payment_succeeded checkout.session.async_payment_failed checkout.session.expired
        payment_intent.created payment_intent.requires_action payment_intent.processing payment_intent.amount_capturable_updated payment_intent.partially_funded
        payment_intent.succeeded payment_intent.payment_failed payment_intent.canceled
        charge.succeeded charge.failed charge.pending charge.captured charge.expired charge.updated charge.refunded charge.refund.updated
        refund.created refund.updated refund.failed
        charge.dispute.created charge.dispute.updated charge.dispute.closed charge.dispute.funds_withdrawn charge.dispute.funds_reinstated
        invoice.created invoice.finalized invoice.finalization_failed invoice.sent invoice.paid invoice.payment_succeeded invoice.payment_failed
        invoice.payment_action_required invoice.updated invoice.voided invoice.marked_uncollectible invoice.overdue invoice.will_be_due invoice.overpaid invoice.deleted
        invoice_payment.paid account.updated account.application.authorized account.application.deauthorized capability.updated
        application_fee.created application_fee.refunded customer.created customer.updated customer.deleted
        payout.created payout.paid payout.failed payout.canceled payout.updated transfer.created transfer.reversed transfer.updated
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
