using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Disputes;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Refunds;

namespace Tender.Simulators.Stripe.Keeping;

/// <summary>Puts what was still to come on the clock again after a restart.</summary>
internal static class TakeUpAgain
{
    public static void Run(Scene scene)
    {
        var account = scene.Account;
        foreach (var session in account.Sessions.All.Where(session => session.Status is "open")) scene.At(session.ExpiresAt, later => EndCheckoutSession.Expire(later, session));
        foreach (var intent in account.PaymentIntents.All) Payment(scene, intent);
        foreach (var refund in account.Refunds.All) MoveRefund.PlanRest(scene, refund, account.Charges.Find(refund.Charge)!);
        foreach (var charge in account.Charges.All.Where(charge => charge is { Captured: true, Dispute: null } && charge.Plan.Dispute is not DisputeKind.None)) OpenDispute.Soon(scene, charge);
    }

    private static void Payment(Scene scene, PaymentIntent intent)
    {
        if (intent.Status is PaymentStatus.RequiresCapture) TakeMoney.WatchHold(scene, intent, scene.Account.Charges.Find(intent.LatestCharge)!.Created);
        if (intent.Status is PaymentStatus.Processing) PayPaymentIntent.SettleLater(scene, intent, scene.Account.Charges.Find(intent.LatestCharge)!.Plan);
    }
}
