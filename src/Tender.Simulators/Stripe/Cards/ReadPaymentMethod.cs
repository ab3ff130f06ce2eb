using System.Globalization;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Cards;

/// <summary>Finds or makes the payment method that a call names: a token, a stored one, or details typed by the payer.</summary>
internal static class ReadPaymentMethod
{
    public const string Parameters = """
        payment_method payment_method_data[type] payment_method_data[card][number] payment_method_data[card][exp_month] payment_method_data[card][exp_year]
        payment_method_data[card][cvc] payment_method_data[us_bank_account]** payment_method_data[ideal]** payment_method_data[billing_details]**
        payment_method_data[metadata][*] payment_method_data[allow_redisplay]
        """;

    public static PaymentMethod? From(StripeCall call) => call.Form switch
    {
        var form when form.Text("payment_method") is { } id => WithId(call.Scene, id),
        var form when form["payment_method_data"] is { } details => Typed(call, details),
        _ => null,
    };

    public static PaymentMethod WithId(Scene scene, string id)
    {
        if (scene.Account.PaymentMethods.Find(id) is { } stored) return stored;
        if (TestBook.WithToken(id) is not { } plan) throw StripeProblem.NotFound("PaymentMethod", id, "payment_method");
        return scene.Account.LiveMode
            ? throw StripeProblem.NotFound("PaymentMethod", id, "payment_method")
            : Make(scene, plan, 12, scene.NowYear + 1, new(null, null, null));
    }

    /// <summary>A card by its number, as a payer or a test would use it.</summary>
    public static PaymentMethod WithNumber(Scene scene, string number, int month, int year, BillingDetails? payer = null)
    {
        if (!PassesLuhn(number)) throw CardProblem("incorrect_number", "Your card number is incorrect.", "number");
        if (month is < 1 or > 12) throw CardProblem("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
        if (year < 100) year += 2000;
        if (year < scene.NowYear || (year == scene.NowYear && month < scene.NowMonth)) throw CardProblem("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");

        var plan = TestBook.WithNumber(number) ?? new TestMethod("card", number, null, "visa")
        {
            Decline = new("card_declined", "test_mode_live_card", "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing."),
        };
        return Make(scene, plan, month, year, payer ?? new(null, null, null));
    }

    public static PaymentMethod Make(Scene scene, TestMethod plan, int month, int year, BillingDetails payer) =>
        scene.Account.PaymentMethods.Add(new PaymentMethod
        {
            Id = scene.Ids.New("pm_1"),
            Type = plan.Type,
            Card = plan.Type is "card" ? new(plan.Brand, plan.Last4, month, year, "US", "credit", $"sim{plan.Number}") : null,
            UsBankAccount = plan.Type is "us_bank_account" ? new(plan.Brand, plan.Last4, "individual", "110000000") : null,
            Ideal = plan.Type is "ideal" ? new(plan.Brand) : null,
            BillingDetails = payer,
            Created = scene.Now,
            Livemode = scene.Account.LiveMode,
            Plan = plan,
        });

    private static PaymentMethod Typed(StripeCall call, FormNode details)
    {
        // The real one refuses raw cards from servers, so that nobody handles card numbers by mistake.
        if (!call.IsPublishable && details.Has("card"))
            throw new StripeProblem(402, "invalid_request_error", "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing. To enable testing raw card data APIs, see https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.");

        var billing = details["billing_details"];
        var payer = new BillingDetails(billing?.Text("name"), billing?.Text("email"), billing?.Text("phone"));
        return details.Choice("type", "card", "us_bank_account", "ideal") switch
        {
            "card" => TypedCard(call.Scene, details["card"] ?? throw StripeProblem.Missing("payment_method_data[card]"), payer),
            "us_bank_account" => Make(call.Scene, Account(details), 0, 0, payer),
            "ideal" => Make(call.Scene, TestBook.WithToken("pm_ideal")!, 0, 0, payer),
            _ => throw StripeProblem.Missing("payment_method_data[type]"),
        };
    }

    private static PaymentMethod TypedCard(Scene scene, FormNode card, BillingDetails payer)
    {
        var number = card.RequiredText("number").Replace(" ", "", StringComparison.Ordinal);
        if (card.Text("cvc") is { } cvc && (cvc.Length is < 3 or > 4 || !cvc.All(char.IsAsciiDigit)))
            throw CardProblem("invalid_cvc", "Your card's security code is invalid.", "cvc");
        return WithNumber(scene, number, (int)card.RequiredWhole("exp_month"), (int)card.RequiredWhole("exp_year"), payer);
    }

    private static TestMethod Account(FormNode details)
    {
        var number = details["us_bank_account"]?.RequiredText("account_number") ?? throw StripeProblem.Missing("payment_method_data[us_bank_account]");
        return TestBook.WithNumber(number) is { Type: "us_bank_account" } plan
            ? plan
            : throw StripeProblem.Invalid("You must use a test bank account number in test mode.", "payment_method_data[us_bank_account][account_number]", "account_number_invalid");
    }

    private static StripeProblem CardProblem(string code, string message, string param) =>
        new(402, "card_error", message) { Code = code, Param = param, IsStored = true };

    private static bool PassesLuhn(string number)
    {
        if (number.Length is < 12 or > 19 || !number.All(char.IsAsciiDigit)) return false;
        var sum = 0;
        for (var place = 0; place < number.Length; place++)
        {
            var digit = int.Parse(number.AsSpan(number.Length - 1 - place, 1), CultureInfo.InvariantCulture);
            if (place % 2 == 1) digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }
}
