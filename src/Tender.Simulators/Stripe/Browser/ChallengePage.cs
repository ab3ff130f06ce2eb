using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Payments;

namespace Tender.Simulators.Stripe.Browser;

/// <summary>The bank's page that asks the payer to agree: in a frame over the shop's page, or on its own with a way back.</summary>
internal static class ChallengePage
{
    public static void Map(RouteGroupBuilder stripe)
    {
        stripe.MapGet("/challenge/{account}/{token}", Ask);
        stripe.MapPost("/challenge/{account}/{token}", AnswerAsync);
    }

    private static IResult Ask(HttpContext http, StripeWorld world, string account, string token)
    {
        if (Find(world, account, token) is not var (owner, challenge)) return Gone(http);
        var intent = challenge.Intent;
        var means = owner.PaymentMethods.Find(intent.PaymentMethod)!.Plan;
        var how = challenge.Kind is Challenge.ThreeDSecure ? $"card ending in {means.Last4}" : "bank account";
        var isFramed = http.Request.Query.ContainsKey("frame");
        return Page.Show(http, "Your bank asks", $"""
            <body class="bank">
            <main class="sheet">
              <p class="badge">Simulator</p>
              <h1>Do you agree to this payment?</h1>
              <p class="amount">{Page.Amount(intent.Amount, intent.Currency)}</p>
              <p>{Page.Safe(owner.DisplayName)} asks your bank to pay with the {how}. No money moves here.</p>
              <form method="post" action="{StripeFront.Prefix}/challenge/{account}/{token}{(isFramed ? "?frame=1" : "")}" class="choices">
                <button name="outcome" value="complete" class="primary">Complete</button>
                <button name="outcome" value="fail">Fail</button>
              </form>
            </main>
            </body>
            """, "challenge.js");
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, StripeWorld world, string account, string token)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (Find(world, account, token) is not var (owner, challenge)) return Gone(http);
        var isPassed = form["outcome"] == "complete";
        world.Act(owner, scene =>
        {
            // Two clicks are one answer.
            if (owner.Challenges.ContainsKey(token)) PayPaymentIntent.AnswerChallenge(scene, challenge.Intent, isPassed);
        });

        var intent = challenge.Intent;
        if (!http.Request.Query.ContainsKey("frame") && intent.ReturnUrl is { } back) return Results.Redirect(WithOutcome(back, intent));
        return Page.Show(http, "Done", """<body class="bank" data-challenge="done"><main class="sheet"><p class="badge">Simulator</p><p>Done. You can go back to the shop.</p></main></body>""", "challenge.js");
    }

    /// <summary>The exact query that the real one comes back with.</summary>
    public static string WithOutcome(string returnUrl, PaymentIntent intent)
    {
        var outcome = intent.Status switch
        {
            PaymentStatus.Succeeded or PaymentStatus.RequiresCapture => "succeeded",
            PaymentStatus.Processing => "pending",
            _ => "failed",
        };
        var parts = returnUrl.Split('#', 2);
        var glue = parts[0].Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var fragment = parts.Length == 2 ? $"#{parts[1]}" : "";
        return $"{parts[0]}{glue}payment_intent={intent.Id}&payment_intent_client_secret={intent.ClientSecret}&redirect_status={outcome}{fragment}";
    }

    private static (StripeAccount Account, OpenChallenge Challenge)? Find(StripeWorld world, string id, string token)
    {
        foreach (var account in world.Accounts.Where(account => account.Id == id))
        {
            lock (account.Gate)
            {
                if (account.Challenges.TryGetValue(token, out var challenge)) return (account, challenge);
            }
        }

        return null;
    }

    private static IResult Gone(HttpContext http) => Page.Show(http, "Nothing to agree to", """
        <body class="bank" data-challenge="done"><main class="sheet"><p class="badge">Simulator</p><h1>Nothing to agree to</h1><p>This payment no longer waits for your bank.</p></main></body>
        """, "challenge.js", 410);
}
