using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Ledger;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Refunds;

/// <summary>The steps of a refund after it was asked for, and its money in the book.</summary>
internal static class MoveRefund
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>The money leaves the balance, at once.</summary>
    public static void Out(Scene scene, Refund refund, Charge charge)
    {
        charge.AmountRefunded += refund.Amount;
        charge.Refunded = charge.AmountRefunded >= charge.Amount;
        refund.BalanceTransaction = Transaction(scene, refund, -refund.Amount, "refund");
        scene.Account.Book.Write(scene, About(scene, refund) with { Kind = "refund", Amount = refund.Amount, From = "balance", To = "payer" });
    }

    public static void PlanRest(Scene scene, Refund refund, Charge charge)
    {
        if (refund.Status is "pending") scene.Later(Step, later => Succeed(later, refund));
        else if (charge.Plan.Refund is RefundCourse.SucceedsThenFails) scene.Later(Step, later => Fail(later, refund, "expired_or_canceled_card"));
    }

    public static void Succeed(Scene scene, Refund refund)
    {
        if (refund.Status is not ("pending" or "requires_action")) return;
        var before = new { refund.Status };
        (refund.Status, refund.PendingReason) = ("succeeded", null);
        scene.Emit("refund.updated", refund, before);
        scene.Emit("charge.refund.updated", refund, before);
    }

    /// <summary>The money comes back to the balance; this can happen weeks after a success.</summary>
    public static void Fail(Scene scene, Refund refund, string reason)
    {
        if (refund.Status is "failed" or "canceled") return;
        var before = new { refund.Status };
        (refund.Status, refund.PendingReason, refund.FailureReason) = ("failed", null, reason);
        Return(scene, refund, "refund_failed");
        scene.Emit("refund.failed", refund, before);
        scene.Emit("refund.updated", refund, before);
        scene.Emit("charge.refund.updated", refund, before);
    }

    /// <summary>POST /v1/refunds/{id}/cancel: only while the payer is still to act.</summary>
    public static object Cancel(StripeCall call)
    {
        var refund = call.Account.Refunds.Need(call.Id!);
        if (refund.Status is not "requires_action") throw StripeProblem.WrongState($"You cannot cancel this Refund because it has a status of {refund.Status}. Only a Refund with one of the following statuses may be canceled: requires_action.", "status_transition_invalid");
        refund.Status = "canceled";
        Return(call.Scene, refund, "refund_canceled");
        call.Scene.Emit("refund.updated", refund);
        return refund;
    }

    private static void Return(Scene scene, Refund refund, string kind)
    {
        var charge = scene.Account.Charges.Find(refund.Charge)!;
        (charge.AmountRefunded, charge.Refunded) = (charge.AmountRefunded - refund.Amount, false);
        refund.FailureBalanceTransaction = Transaction(scene, refund, refund.Amount, "refund_failure");
        scene.Account.Book.Write(scene, About(scene, refund) with { Kind = kind, Amount = refund.Amount, From = "payer", To = "balance" });
    }

    private static string Transaction(Scene scene, Refund refund, long amount, string type) => scene.Account.BalanceTransactions
        .Add(new BalanceTransaction(scene.Ids.New("txn_3"), amount, scene.Now, scene.Now, refund.Currency, 0, [], type, refund.Id, type)).Id;

    private static Movement About(Scene scene, Refund refund)
    {
        var intent = scene.Account.PaymentIntents.Find(refund.PaymentIntent)!;
        return Movement.About(intent, refund.Charge) with { Refund = refund.Id };
    }
}
