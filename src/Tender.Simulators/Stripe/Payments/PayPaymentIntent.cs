using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>A payer pays: the one way from a waiting payment to money, a question, or a refusal. The API, the hosted page and the control all come here.</summary>
internal static class PayPaymentIntent
{
    private static readonly TimeSpan LateSettlement = TimeSpan.FromSeconds(3);

    private static readonly Decline PayerNotThere = new("card_declined", "authentication_required", "Your card was declined. This transaction requires authentication.");

    /// <summary>Throws the refusal as Stripe answers it; everything about it is recorded before.</summary>
    public static void Run(Scene scene, PaymentIntent intent, PayTerms terms)
    {
        var method = ReadyMethod(scene, intent);
        OpenChallenge.Close(scene.Account, intent);
        intent.LastPaymentError = null;
        var plan = method.Plan;
        if (plan.Decline is { } decline) throw Refused(scene, intent, method, decline);

        if (plan.Challenge is Challenge.None)
        {
            Accept(scene, intent, method);
            return;
        }

        if (terms.IsPayerAway || terms.FailsOnAction) throw Refused(scene, intent, method, PayerNotThere);
        OpenChallenge.Ask(scene, intent, plan.Challenge, terms);
    }

    /// <summary>The payer has done what the bank asked, or has not.</summary>
    public static void AnswerChallenge(Scene scene, PaymentIntent intent, bool isPassed)
    {
        OpenChallenge.Close(scene.Account, intent);
        var method = scene.Account.PaymentMethods.Find(intent.PaymentMethod)!;
        if (!isPassed) NoteFailure(scene, intent, method, NotAuthenticated(method));
        else if (method.Plan.DeclineAfterChallenge is { } decline) _ = Refused(scene, intent, method, decline);
        else Accept(scene, intent, method);
    }

    private static PaymentMethod ReadyMethod(Scene scene, PaymentIntent intent)
    {
        JsonNode Shown() => StripeJson.Node(intent);
        if (intent.Status is PaymentStatus.Succeeded)
            throw StripeProblem.WrongState("You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.", "payment_intent_unexpected_state", Shown);
        if (!PaymentStatus.AwaitsPayer(intent.Status))
            throw StripeProblem.WrongState($"You cannot confirm this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.", "payment_intent_unexpected_state", Shown);
        if (scene.Account.PaymentMethods.Find(intent.PaymentMethod) is not { } method)
            throw StripeProblem.WrongState("You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.", "payment_intent_unexpected_state", Shown);
        if (!intent.PaymentMethodTypes.Contains(method.Type))
            throw StripeProblem.Invalid($"The PaymentMethod provided ({method.Type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: {string.Join(", ", intent.PaymentMethodTypes)}.", "payment_method", "payment_intent_incompatible_payment_method");
        return method;
    }

    private static void Accept(Scene scene, PaymentIntent intent, PaymentMethod method)
    {
        intent.NextAction = null;
        var charge = MakeCharge(scene, intent, method);
        if (method.Plan.Settlement is Settlement.AtOnce)
        {
            TakeMoney.Authorise(scene, intent, charge);
            return;
        }

        charge.Status = "pending";
        intent.Status = PaymentStatus.Processing;
        intent.Processing = new { method.Type };
        scene.Emit("charge.pending", charge);
        scene.Emit("payment_intent.processing", intent);
        Checkout.FollowPayment.Processing(scene, intent);
        SettleLater(scene, intent, method.Plan);
    }

    public static void SettleLater(Scene scene, PaymentIntent intent, TestMethod plan)
    {
        if (plan.Settlement is not Settlement.OnCommand)
            scene.Later(LateSettlement, later => SettlePayment.Run(later, intent, isGood: plan.Settlement is Settlement.LateAndGood));
    }

    private static StripeProblem Refused(Scene scene, PaymentIntent intent, PaymentMethod method, Decline decline)
    {
        var charge = MakeCharge(scene, intent, method);
        (charge.Status, charge.FailureCode, charge.FailureMessage) = ("failed", decline.Code, decline.Message);
        charge.Outcome = new JsonObject { ["network_status"] = "declined_by_network", ["reason"] = decline.DeclineCode, ["risk_level"] = "normal", ["type"] = "issuer_declined" };
        scene.Emit("charge.failed", charge);
        var error = new JsonObject
        {
            ["advice_code"] = decline.Advice,
            ["charge"] = charge.Id,
            ["code"] = decline.Code,
            ["decline_code"] = decline.DeclineCode,
            ["doc_url"] = $"https://stripe.com/docs/error-codes/{decline.Code.Replace('_', '-')}",
            ["message"] = decline.Message,
            ["type"] = "card_error",
        };
        NoteFailure(scene, intent, method, error);
        return new(402, "card_error", decline.Message)
        {
            Code = decline.Code,
            DeclineCode = decline.DeclineCode,
            AdviceCode = decline.Advice,
            Charge = charge.Id,
            PaymentIntent = () => StripeJson.Node(intent),
            PaymentMethod = () => StripeJson.Node(method),
            IsStored = true,
        };
    }

    /// <summary>A try has failed: the payment is open again, and says why.</summary>
    public static void NoteFailure(Scene scene, PaymentIntent intent, PaymentMethod method, JsonObject error)
    {
        error["payment_method"] = StripeJson.Node(method);
        (intent.LastPaymentError, intent.PaymentMethod, intent.NextAction, intent.Processing) = (error, null, null, null);
        intent.Status = PaymentStatus.RequiresPaymentMethod;
        scene.Emit("payment_intent.payment_failed", intent);
    }

    private static JsonObject NotAuthenticated(PaymentMethod method) => new()
    {
        ["code"] = "payment_intent_authentication_failure",
        ["doc_url"] = "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
        ["message"] = method.Type is "card"
            ? "We are unable to authenticate your payment method. Please choose a different payment method and try again."
            : "The customer did not approve the payment.",
        ["type"] = "invalid_request_error",
    };

    private static Charge MakeCharge(Scene scene, PaymentIntent intent, PaymentMethod method)
    {
        var charge = new Charge
        {
            Id = scene.Ids.New("ch_3"),
            Amount = intent.Amount,
            ApplicationFeeAmount = intent.ApplicationFeeAmount,
            BillingDetails = method.BillingDetails,
            Created = scene.Now,
            Currency = intent.Currency,
            Customer = intent.Customer,
            Description = intent.Description,
            Livemode = intent.Livemode,
            Metadata = intent.Metadata,
            OnBehalfOf = intent.OnBehalfOf,
            PaymentIntent = intent.Id,
            PaymentMethod = method.Id,
            PaymentMethodDetails = Details(method),
            ReceiptEmail = intent.ReceiptEmail,
            Status = "succeeded",
            TransferData = intent.TransferData,
            TransferGroup = intent.TransferGroup,
            Plan = method.Plan,
        };
        intent.LatestCharge = charge.Id;
        return scene.Account.Charges.Add(charge);
    }

    private static JsonObject Details(PaymentMethod method)
    {
        object face = (object?)method.Card ?? (object?)method.UsBankAccount ?? method.Ideal!;
        return new JsonObject { [method.Type] = StripeJson.Node(face), ["type"] = method.Type };
    }
}
