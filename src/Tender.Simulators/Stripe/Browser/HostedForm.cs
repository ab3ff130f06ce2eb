using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Payments;
using static Tender.Simulators.Stripe.Browser.Page;

namespace Tender.Simulators.Stripe.Browser;

/// <summary>How the hosted page looks: what is paid for on one side, how to pay on the other.</summary>
internal static class HostedForm
{
    private static readonly (string Number, string Says)[] Examples =
    [
        ("4242 4242 4242 4242", "pays"),
        ("4000 0000 0000 3220", "asks the bank first (3-D Secure)"),
        ("4000 0000 0000 0002", "is declined"),
        ("4000 0000 0000 9995", "has insufficient funds"),
        ("4000 0000 0000 5126", "pays; a refund fails later"),
        ("4000 0000 0000 0259", "pays; is disputed"),
    ];

    public static IResult Show(HttpContext http, StripeAccount account, CheckoutSession session, string? problem, Dictionary<string, string> typed, string? wrong = null)
    {
        var sum = Currencies.Show(session.AmountTotal, session.Currency);
        return Page.Show(http, $"Pay {account.DisplayName}", $"""
            <body class="hosted">
            <main>
              <section class="what" aria-label="Your order">
                <p class="badge">Simulator: no money moves</p>
                <h1>{Safe(account.DisplayName)}</h1>
                <p class="amount">{Amount(session.AmountTotal, session.Currency)}</p>
                <ul class="lines">{string.Concat(session.Lines.Select(Line))}</ul>
                {(session.CancelUrl is { } back ? $"""<p><a href="{Safe(back)}">Back to the shop</a></p>""" : "")}
              </section>
              <section class="how" aria-label="Payment">
                {(problem is null ? "" : $"""<p class="problem" role="alert" id="problem">{Safe(problem)}</p>""")}
                <form method="post" novalidate>
                  <label for="email">Email</label>
                  <input id="email" name="email" type="email" autocomplete="email" value="{Safe(typed.GetValueOrDefault("email", session.CustomerEmail ?? ""))}">
                  {Means(session)}
                  <fieldset class="card">
                    <legend class="hidden">Card</legend>
                    <label for="number">Card number</label>
                    <input id="number" name="number" inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234" value="{Safe(typed.GetValueOrDefault("number"))}"{Wrong(wrong, "number")}>
                    <div class="pair">
                      <div><label for="expiry">Expiration date</label>
                      <input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" placeholder="MM / YY" value="{Safe(typed.GetValueOrDefault("expiry"))}"{Wrong(wrong, "exp_month", "exp_year")}></div>
                      <div><label for="cvc">Security code</label>
                      <input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="CVC" maxlength="4"{Wrong(wrong, "cvc")}></div>
                    </div>
                    <label for="name">Name on card</label>
                    <input id="name" name="name" autocomplete="cc-name" value="{Safe(typed.GetValueOrDefault("name"))}">
                  </fieldset>
                  <button class="primary">Pay {sum}</button>
                </form>
                <details class="cards">
                  <summary>Test cards</summary>
                  <p>Any date to come, any security code.</p>
                  <table><caption class="hidden">Test cards and what they do</caption>{string.Concat(Examples.Select(card => $"<tr><th scope=\"row\"><code>{card.Number}</code></th><td>{card.Says}</td></tr>"))}</table>
                </details>
              </section>
            </main>
            </body>
            """, "hosted.js");
    }

    private static string Line(LineItem line) =>
        $"""<li><span>{Safe(line.Description)}{(line.Quantity > 1 ? $" × {line.Quantity}" : "")}</span><span class="sum">{Currencies.Show(line.AmountTotal, line.Currency)}</span></li>""";

    private static string Means(CheckoutSession session)
    {
        if (session.PaymentMethodTypes is ["card"]) return "";
        var choices = session.PaymentMethodTypes.SelectMany(type => type switch
        {
            "card" => [("card", "Card")],
            "ideal" => [("pm_ideal", "Bank page (redirect)")],
            "us_bank_account" => [("pm_usBankAccount", "Bank debit that arrives"), ("pm_usBankAccount_insufficientFunds", "Bank debit that fails"), ("pm_usBankAccount_processing", "Bank debit that waits")],
            _ => Array.Empty<(string, string)>(),
        });
        return $"""
            <label for="means">Pay with</label>
            <select id="means" name="means">{string.Concat(choices.Select(choice => $"""<option value="{choice.Item1}">{choice.Item2}</option>"""))}</select>
            """;
    }

    private static string Wrong(string? wrong, params string[] names) => wrong is not null && names.Contains(wrong) ? " aria-invalid=\"true\" aria-describedby=\"problem\"" : "";
}
