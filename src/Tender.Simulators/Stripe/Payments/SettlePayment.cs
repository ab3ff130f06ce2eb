using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>A slow method comes to its end: the money arrives, or it does not.</summary>
internal static class SettlePayment
{
    public static void Run(Scene scene, PaymentIntent intent, bool isGood)
    {
        if (intent.Status is not PaymentStatus.Processing) return;
        var charge = scene.Account.Charges.Find(intent.LatestCharge)!;
        if (isGood)
        {
            TakeMoney.Authorise(scene, intent, charge);
            return;
        }

        const string Message = "The customer's account has insufficient funds to cover this payment.";
        (charge.Status, charge.FailureCode, charge.FailureMessage) = ("failed", "payment_method_provider_decline", Message);
        scene.Emit("charge.failed", charge);
        var method = scene.Account.PaymentMethods.Find(intent.PaymentMethod)!;
        var error = new JsonObject { ["charge"] = charge.Id, ["code"] = charge.FailureCode, ["decline_code"] = "insufficient_funds", ["message"] = Message, ["type"] = "card_error" };
        PayPaymentIntent.NoteFailure(scene, intent, method, error);
        Checkout.FollowPayment.Failed(scene, intent);
    }

    /// <summary>For the control: refuses where there is nothing to settle.</summary>
    public static object Command(Scene scene, PaymentIntent intent, bool isGood)
    {
        if (intent.Status is not PaymentStatus.Processing) throw StripeProblem.Invalid($"{intent.Id} is {intent.Status}, not processing.");
        Run(scene, intent, isGood);
        return intent;
    }
}
