using System.Globalization;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Browser;

/// <summary>The page of a Checkout Session: a plain form that takes the test cards, and works without a script.</summary>
internal static class HostedPage
{
    public static void Map(RouteGroupBuilder stripe)
    {
        stripe.MapGet("/c/pay/{id}", Open);
        stripe.MapPost("/c/pay/{id}", SubmitAsync);
    }

    private static IResult Open(HttpContext http, StripeWorld world, string id)
    {
        if (Find(world, id) is not var (account, session)) return Closed(http, "No such page", "There is no payment at this address.");
        lock (account.Gate)
        {
            var intent = account.PaymentIntents.Find(session.PaymentIntent);
            if (session.Status is "complete") return Results.Redirect(SuccessUrl(session));
            if (session.Status is "expired") return Closed(http, "This page has expired", "Go back to the shop and start again.");
            var problem = intent?.LastPaymentError?["message"]?.GetValue<string>();
            return HostedForm.Show(http, account, session, problem, []);
        }
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, StripeWorld world, string id)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (Find(world, id) is not var (account, session)) return Closed(http, "No such page", "There is no payment at this address.");
        var typed = form.ToDictionary(field => field.Key, field => field.Value.ToString());
        try
        {
            return world.Act(account, scene =>
            {
                PayCheckoutSession.Run(scene, session, Method(scene, typed), $"{http.Request.Scheme}://{http.Request.Host}{StripeFront.Prefix}");
                return Results.Redirect(Onward(account, session));
            });
        }
        catch (StripeProblem problem)
        {
            lock (account.Gate)
            {
                return session.Status is "open" ? HostedForm.Show(http, account, session, problem.Message, typed, problem.Param) : Results.Redirect($"{StripeFront.Prefix}/c/pay/{id}");
            }
        }
    }

    private static string Onward(StripeAccount account, CheckoutSession session)
    {
        var intent = account.PaymentIntents.Find(session.PaymentIntent)!;
        return account.Challenges.ContainsKey(intent.OpenChallenge ?? "")
            ? $"{StripeFront.Prefix}/challenge/{account.Id}/{intent.OpenChallenge}"
            : SuccessUrl(session);
    }

    private static PaymentMethod Method(Scene scene, Dictionary<string, string> typed)
    {
        var payer = new BillingDetails(typed.GetValueOrDefault("name"), typed.GetValueOrDefault("email"), null);
        var means = typed.GetValueOrDefault("means", "card");
        if (means is not "card") return ReadPaymentMethod.Make(scene, TestBook.WithToken(means) ?? throw StripeProblem.Invalid("Choose how to pay."), 0, 0, payer);

        var number = string.Concat(typed.GetValueOrDefault("number", "").Where(char.IsAsciiDigit));
        var expiry = string.Concat(typed.GetValueOrDefault("expiry", "").Where(char.IsAsciiDigit));
        var cvc = typed.GetValueOrDefault("cvc", "");
        if (number.Length == 0) throw StripeProblem.Invalid("Your card number is incomplete.", "number");
        if (expiry.Length != 4) throw StripeProblem.Invalid("Your card's expiration date is incomplete.", "exp_month");
        if (cvc.Length is < 3 or > 4 || !cvc.All(char.IsAsciiDigit)) throw StripeProblem.Invalid("Your card's security code is incomplete.", "cvc");
        return ReadPaymentMethod.WithNumber(scene, number, int.Parse(expiry.AsSpan(0, 2), CultureInfo.InvariantCulture), int.Parse(expiry.AsSpan(2), CultureInfo.InvariantCulture), payer);
    }

    private static string SuccessUrl(CheckoutSession session) =>
        session.SuccessUrl!.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal).Replace("%7BCHECKOUT_SESSION_ID%7D", session.Id, StringComparison.OrdinalIgnoreCase);

    private static (StripeAccount Account, CheckoutSession Session)? Find(StripeWorld world, string id)
    {
        foreach (var account in world.Accounts)
        {
            lock (account.Gate)
            {
                if (account.Sessions.Find(id) is { } session) return (account, session);
            }
        }

        return null;
    }

    private static IResult Closed(HttpContext http, string title, string says) => Page.Show(http, title, $"""
        <body class="bank"><main class="sheet"><p class="badge">Simulator</p><h1>{title}</h1><p>{says}</p></main></body>
        """, "hosted.js", 410);
}
