using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Disputes;
using Tender.Simulators.Stripe.Ledger;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>Money moves from a payer to the account.</summary>
internal static class TakeMoney
{
    private const int HoldDays = 7;
    private const int AvailableAfterDays = 2;

    // US standard fee: 2.9 % and 30 of the smallest unit (fiat-cards sheet A6).
    private const decimal FeePercent = 0.029m;
    private const long FeeFixed = 30;

    /// <summary>The bank agrees: the money is taken, or only held when capture is manual.</summary>
    public static void Authorise(Scene scene, PaymentIntent intent, Charge charge)
    {
        (charge.Status, charge.Paid) = ("succeeded", true);
        charge.Outcome = new System.Text.Json.Nodes.JsonObject
        {
            ["network_status"] = "approved_by_network",
            ["reason"] = null,
            ["risk_level"] = "normal",
            ["seller_message"] = "Payment complete.",
            ["type"] = "authorized",
        };
        if (intent.CaptureMethod is not "manual")
        {
            Collect(scene, intent, charge, charge.Amount);
            scene.Emit("charge.succeeded", charge);
            Finish(scene, intent, charge);
            return;
        }

        intent.Status = PaymentStatus.RequiresCapture;
        intent.AmountCapturable = charge.Amount;
        scene.Emit("charge.succeeded", charge);
        scene.Emit("payment_intent.amount_capturable_updated", intent);
        Checkout.FollowPayment.Succeeded(scene, intent);
        WatchHold(scene, intent, scene.Now);
    }

    public static void WatchHold(Scene scene, PaymentIntent intent, long since) => scene.At(since + (HoldDays * 86_400), later => ExpireHold(later, intent));

    public static void Capture(Scene scene, PaymentIntent intent, long amount)
    {
        var charge = scene.Account.Charges.Find(intent.LatestCharge)!;
        Collect(scene, intent, charge, amount);
        scene.Emit("charge.captured", charge);
        Finish(scene, intent, charge);
    }

    /// <summary>The hold runs out: the payment is cancelled by Stripe itself.</summary>
    public static void ExpireHold(Scene scene, PaymentIntent intent)
    {
        if (intent.Status is not PaymentStatus.RequiresCapture) return;
        var charge = scene.Account.Charges.Find(intent.LatestCharge)!;
        CancelPaymentIntent.Close(scene, intent, "automatic");
        scene.Emit("charge.expired", charge);
    }

    private static void Collect(Scene scene, PaymentIntent intent, Charge charge, long amount)
    {
        var stripeFee = (long)Math.Round((amount * FeePercent) + FeeFixed, MidpointRounding.AwayFromZero);
        var fees = new List<FeeDetail> { new(stripeFee, null, intent.Currency, "Stripe processing fees", "stripe_fee") };
        var isDirect = intent.TransferData is null;
        if (isDirect && intent.ApplicationFeeAmount is { } cut) fees.Add(new(cut, "ca_simulator", intent.Currency, "Application fee", "application_fee"));

        var transaction = scene.Account.BalanceTransactions.Add(new BalanceTransaction(
            scene.Ids.New("txn_3"), amount, scene.Now + (AvailableAfterDays * 86_400), scene.Now, intent.Currency, fees.Sum(fee => fee.Amount), fees, "charge", charge.Id, "charge"));
        (charge.Captured, charge.AmountCaptured, charge.BalanceTransaction) = (true, amount, transaction.Id);
        // What is not captured goes back to the payer, and Stripe shows it as refunded.
        charge.AmountRefunded = charge.Amount - amount;
        (intent.AmountReceived, intent.AmountCapturable, intent.Processing) = (amount, 0, null);
        intent.Status = PaymentStatus.Succeeded;

        var about = Movement.About(intent, charge.Id);
        scene.Account.Book.Write(scene, about with { Kind = "charge", Amount = amount, From = "payer", To = "balance" });
        scene.Account.Book.Write(scene, about with { Kind = "fee", Amount = stripeFee, From = "balance", To = "stripe" });
        if (isDirect && intent.ApplicationFeeAmount is { } fee) scene.Account.Book.Write(scene, about with { Kind = "application_fee", Amount = fee, From = "balance", To = "platform" });
        if (intent.TransferData is { } target)
        {
            var share = target.Amount ?? (amount - (intent.ApplicationFeeAmount ?? 0));
            scene.Account.Book.Write(scene, about with { Kind = "transfer", Amount = share, From = "balance", To = target.Destination });
        }
    }

    private static void Finish(Scene scene, PaymentIntent intent, Charge charge)
    {
        scene.Emit("payment_intent.succeeded", intent);
        Checkout.FollowPayment.Succeeded(scene, intent);
        if (charge.Plan.Dispute is not DisputeKind.None) OpenDispute.Soon(scene, charge);
    }
}
