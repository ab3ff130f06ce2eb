using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Ledger;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Disputes;

/// <summary>A dispute begins: a real one takes the money at once, an inquiry only asks.</summary>
internal static class OpenDispute
{
    private static readonly TimeSpan AfterCharge = TimeSpan.FromSeconds(1);
    private const int EvidenceDays = 10;

    // US: 15.00 for each dispute (fiat-cards sheet A6).
    private const long Fee = 1500;

    public static void Soon(Scene scene, Charge charge) => scene.Later(AfterCharge, later => Open(later, charge, charge.Plan.Dispute));

    public static Dispute Open(Scene scene, Charge charge, DisputeKind kind)
    {
        if (!charge.Captured) throw StripeProblem.Invalid($"{charge.Id} holds no money to dispute.");
        if (charge.Disputed) throw StripeProblem.Invalid($"{charge.Id} is disputed already.");
        var isInquiry = kind is DisputeKind.Inquiry;
        var dispute = scene.Account.Disputes.Add(new Dispute
        {
            Id = scene.Ids.New("dp_1"),
            Amount = charge.AmountCaptured,
            Charge = charge.Id,
            Created = scene.Now,
            Currency = charge.Currency,
            EvidenceDetails = new(scene.Now + (EvidenceDays * 86_400), HasEvidence: false, PastDue: false, 0),
            IsChargeRefundable = isInquiry,
            Livemode = charge.Livemode,
            PaymentIntent = charge.PaymentIntent,
            Reason = kind is DisputeKind.NotReceived ? "product_not_received" : "fraudulent",
            Status = isInquiry ? "warning_needs_response" : "needs_response",
        });
        (charge.Dispute, charge.Disputed) = (dispute.Id, true);
        scene.Emit("charge.dispute.created", dispute);
        if (!isInquiry) Withdraw(scene, dispute);
        return dispute;
    }

    /// <summary>An inquiry that was not answered well becomes a dispute with the money taken.</summary>
    public static void Escalate(Scene scene, Dispute dispute)
    {
        (dispute.Status, dispute.IsChargeRefundable) = ("needs_response", false);
        scene.Emit("charge.dispute.updated", dispute);
        Withdraw(scene, dispute);
    }

    public static Movement About(Scene scene, Dispute dispute)
    {
        var intent = scene.Account.PaymentIntents.Find(dispute.PaymentIntent)!;
        return Movement.About(intent, dispute.Charge) with { Dispute = dispute.Id };
    }

    private static void Withdraw(Scene scene, Dispute dispute)
    {
        Move(scene, dispute, -dispute.Amount, Fee);
        scene.Account.Book.Write(scene, About(scene, dispute) with { Kind = "dispute", Amount = dispute.Amount, From = "balance", To = "payer" });
        scene.Account.Book.Write(scene, About(scene, dispute) with { Kind = "dispute_fee", Amount = Fee, From = "balance", To = "stripe" });
        scene.Emit("charge.dispute.funds_withdrawn", dispute);
    }

    public static void Move(Scene scene, Dispute dispute, long amount, long fee)
    {
        IReadOnlyList<FeeDetail> fees = fee == 0 ? [] : [new(fee, null, dispute.Currency, "Dispute fee", "stripe_fee")];
        var transaction = scene.Account.BalanceTransactions.Add(new BalanceTransaction(
            scene.Ids.New("txn_1"), amount, scene.Now, scene.Now, dispute.Currency, fee, fees, amount < 0 ? "dispute" : "dispute_reversal", dispute.Id, "adjustment"));
        dispute.BalanceTransactions = [.. dispute.BalanceTransactions, transaction];
    }
}
