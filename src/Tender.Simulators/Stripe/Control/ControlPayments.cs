using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Disputes;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Refunds;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Control;

/// <summary>Plays the payer, the payer's bank and time.</summary>
internal static class ControlPayments
{
    /// <summary>Pays a payment or a session as a customer would, without a browser.</summary>
    public static IResult Pay(StripeWorld world, HttpContext http, PayRequest request)
    {
        var id = request.Session ?? request.PaymentIntent ?? request.ClientSecret?.Split("_secret_")[0] ?? throw StripeProblem.Invalid("Say what to pay: session, paymentIntent or clientSecret.");
        var account = StripeControl.OwnerOf(world, id);
        var publicUrl = $"{http.Request.Scheme}://{http.Request.Host}{StripeFront.Prefix}";
        return world.Act(account, scene =>
        {
            StripeProblem? refusal = null;
            try
            {
                PayBy(scene, id, request, publicUrl);
                if (request.Challenge is not "leave" && Intent(account, id) is { OpenChallenge: not null } asked)
                    PayPaymentIntent.AnswerChallenge(scene, asked, isPassed: request.Challenge is not "fail");
            }
            catch (StripeProblem problem)
            {
                refusal = problem;
            }

            return Shown(account, id, refusal);
        });
    }

    public static IResult AnswerChallenge(StripeWorld world, string id, OutcomeRequest request) => Change(world, id, (scene, account) =>
    {
        var intent = account.PaymentIntents.Need(id);
        if (intent.OpenChallenge is null) throw StripeProblem.Invalid($"{id} waits for no bank.");
        PayPaymentIntent.AnswerChallenge(scene, intent, isPassed: request.Is("complete", "fail"));
        return intent;
    });

    public static IResult Settle(StripeWorld world, string id, OutcomeRequest request) => Change(world, id, (scene, account) =>
        SettlePayment.Command(scene, account.PaymentIntents.Need(id), isGood: request.Is("succeeded", "failed")));

    public static IResult ExpireHold(StripeWorld world, string id) => Change(world, id, (scene, account) =>
    {
        var intent = account.PaymentIntents.Need(id);
        TakeMoney.ExpireHold(scene, intent);
        return intent;
    });

    public static IResult ExpireSession(StripeWorld world, string id) => Change(world, id, (scene, account) =>
    {
        var session = account.Sessions.Need(id);
        EndCheckoutSession.Expire(scene, session);
        return session;
    });

    public static IResult AdvanceRefund(StripeWorld world, string id, OutcomeRequest request) => Change(world, id, (scene, account) =>
    {
        var refund = account.Refunds.Need(id);
        if (request.Is("succeeded", "failed")) MoveRefund.Succeed(scene, refund);
        else MoveRefund.Fail(scene, refund, request.Reason ?? "expired_or_canceled_card");
        return refund;
    });

    public static IResult OpenADispute(StripeWorld world, DisputeRequest request) => Change(world, request.PaymentIntent, (scene, account) =>
    {
        var intent = account.PaymentIntents.Need(request.PaymentIntent);
        var charge = account.Charges.Find(intent.LatestCharge) ?? throw StripeProblem.Invalid($"{intent.Id} has no charge.");
        var kind = request.Kind switch
        {
            null or "fraudulent" => DisputeKind.Fraudulent,
            "not_received" => DisputeKind.NotReceived,
            "inquiry" => DisputeKind.Inquiry,
            var other => throw StripeProblem.Invalid($"There is no dispute \"{other}\": fraudulent, not_received or inquiry."),
        };
        return OpenDispute.Open(scene, charge, kind);
    });

    public static IResult CloseADispute(StripeWorld world, string id, OutcomeRequest request) => Change(world, id, (scene, account) =>
    {
        var dispute = account.Disputes.Need(id);
        if (!CloseDispute.IsOpen(dispute)) throw StripeProblem.Invalid($"{id} is {dispute.Status} already.");
        CloseDispute.Run(scene, dispute, isWon: request.Is("won", "lost"));
        return dispute;
    });

    private static void PayBy(Scene scene, string id, PayRequest request, string publicUrl)
    {
        var card = request.Card ?? "4242424242424242";
        var method = card.StartsWith("pm_", StringComparison.Ordinal)
            ? ReadPaymentMethod.WithId(scene, card)
            : ReadPaymentMethod.WithNumber(scene, card.Replace(" ", "", StringComparison.Ordinal), 12, scene.NowYear + 1, new(null, request.Email, null));
        if (scene.Account.Sessions.Find(id) is { } session)
        {
            PayCheckoutSession.Run(scene, session, method, publicUrl);
            return;
        }

        var intent = scene.Account.PaymentIntents.Need(id);
        if (PaymentStatus.AwaitsPayer(intent.Status)) intent.PaymentMethod = method.Id;
        PayPaymentIntent.Run(scene, intent, new PayTerms(publicUrl));
    }

    private static PaymentIntent? Intent(StripeAccount account, string id) =>
        account.PaymentIntents.Find(account.Sessions.Find(id)?.PaymentIntent ?? id);

    private static IResult Shown(StripeAccount account, string id, StripeProblem? refusal) => Json(new JsonObject
    {
        ["payment_intent"] = Intent(account, id) is { } intent ? StripeJson.Node(intent) : null,
        ["session"] = account.Sessions.Find(id) is { } session ? StripeJson.Node(session) : null,
        ["error"] = refusal is null ? null : new JsonObject { ["code"] = refusal.Code, ["decline_code"] = refusal.DeclineCode, ["message"] = refusal.Message, ["type"] = refusal.Type },
    });

    private static IResult Change(StripeWorld world, string id, Func<Scene, StripeAccount, object> work)
    {
        var account = StripeControl.OwnerOf(world, id);
        return world.Act(account, scene => Json(work(scene, account)));
    }

    private static IResult Json(object value) => Results.Bytes(StripeJson.Bytes(value), "application/json");

    internal sealed record PayRequest(string? ClientSecret, string? PaymentIntent, string? Session, string? Card, string? Challenge, string? Email);

    internal sealed record OutcomeRequest(string Outcome, string? Reason)
    {
        public bool Is(string good, string bad) =>
            Outcome == good || (Outcome == bad ? false : throw StripeProblem.Invalid($"outcome must be \"{good}\" or \"{bad}\"."));
    }

    internal sealed record DisputeRequest(string PaymentIntent, string? Kind);
}
