using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Refunds;

/// <summary>POST /v1/refunds. Each call is a refund of its own; only an idempotency key makes two calls one.</summary>
internal static class CreateRefund
{
    public static readonly Accepts Accepts = Accepts.Of("payment_intent charge amount reason metadata[*] reverse_transfer refund_application_fee instructions_email currency");

    public static Refund Run(StripeCall call)
    {
        var form = call.Form;
        var charge = ChargeOf(call);
        var reason = form.Choice("reason", "duplicate", "fraudulent", "requested_by_customer");
        var left = charge.AmountCaptured - (charge.AmountRefunded - (charge.Amount - charge.AmountCaptured));
        if (charge.Disputed && charge.Refunded is false && IsLost(call.Account, charge))
            throw StripeProblem.WrongState($"Charge {charge.Id} has been charged back; cannot issue a refund.", "charge_disputed");
        if (left == 0) throw StripeProblem.WrongState($"Charge {charge.Id} has already been refunded.", "charge_already_refunded");

        var amount = form.Whole("amount") ?? left;
        if (amount < 1) throw StripeProblem.Invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
        if (amount > left)
        {
            throw new StripeProblem(400, "invalid_request_error", $"Refund amount ({amount} {charge.Currency}) is greater than unrefunded amount on charge ({left} {charge.Currency})")
            {
                Param = "amount",
                IsStored = true,
            };
        }

        return Make(call.Scene, charge, amount, reason, form.Metadata());
    }

    public static Refund Make(Scene scene, Charge charge, long amount, string? reason, IReadOnlyDictionary<string, string> metadata)
    {
        var isPending = charge.Plan.Refund is RefundCourse.PendingThenSucceeds || charge.Plan.Type is not "card";
        var refund = new Refund
        {
            Id = scene.Ids.New("re_3"),
            Amount = amount,
            Charge = charge.Id,
            Created = scene.Now,
            Currency = charge.Currency,
            DestinationDetails = new { Type = "card", Card = new { Type = "refund", ReferenceStatus = "pending", ReferenceType = "acquirer_reference_number" } },
            Metadata = metadata,
            PaymentIntent = charge.PaymentIntent,
            PendingReason = isPending ? "processing" : null,
            Reason = reason,
            Status = isPending ? "pending" : "succeeded",
        };
        scene.Account.Refunds.Add(refund);
        MoveRefund.Out(scene, refund, charge);
        scene.Emit("refund.created", refund);
        scene.Emit("charge.refunded", charge, new { AmountRefunded = charge.AmountRefunded - amount, Refunded = false });
        MoveRefund.PlanRest(scene, refund, charge);
        return refund;
    }

    private static Charge ChargeOf(StripeCall call)
    {
        var (intentId, chargeId) = (call.Form.Text("payment_intent"), call.Form.Text("charge"));
        if (intentId is null && chargeId is null) throw StripeProblem.Invalid("One of the following params should be provided for this request: payment_intent or charge.");

        var intent = intentId is null ? null : call.Account.PaymentIntents.Need(intentId, "payment_intent");
        var charge = chargeId is null ? call.Account.Charges.Find(intent!.LatestCharge) : call.Account.Charges.Need(chargeId);
        if (charge is { Captured: true }) return charge;
        throw intent is null
            ? StripeProblem.WrongState($"Charge {charge!.Id} was not captured and cannot be refunded.", "charge_not_refundable")
            : new(400, "invalid_request_error", $"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.") { Param = "payment_intent", IsStored = true };
    }

    private static bool IsLost(StripeAccount account, Charge charge) => account.Disputes.Find(charge.Dispute) is not { Status: "won" or "warning_closed" or "warning_needs_response" };
}
