using System.Globalization;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>Which currencies are taken, and from which amount to which (docs.stripe.com/currencies, read 2026-11).</summary>
internal static class Currencies
{
    private const long Maximum = 99_999_999;

    private static readonly HashSet<string> Known =
    [
        .. "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw".Split(' '),
    ];

    private static readonly Dictionary<string, long> Minimums = new()
    {
        ["usd"] = 50,
        ["aed"] = 200,
        ["aud"] = 50,
        ["bgn"] = 100,
        ["brl"] = 50,
        ["cad"] = 50,
        ["chf"] = 50,
        ["czk"] = 1500,
        ["dkk"] = 250,
        ["eur"] = 50,
        ["gbp"] = 30,
        ["hkd"] = 400,
        ["huf"] = 17500,
        ["inr"] = 50,
        ["jpy"] = 50,
        ["mxn"] = 1000,
        ["myr"] = 200,
        ["nok"] = 300,
        ["nzd"] = 50,
        ["pln"] = 200,
        ["ron"] = 200,
        ["sek"] = 300,
        ["sgd"] = 50,
        ["thb"] = 1000,
    };

    private static readonly HashSet<string> ThreeDecimals = ["bhd", "jod", "kwd", "omr", "tnd"];

    private static readonly HashSet<string> NoDecimals = [.. "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".Split(' ')];

    private static readonly HashSet<string> OnlyWholeUnits = ["ugx", "isk"];

    private static readonly Dictionary<string, long> LargerMaximums = new()
    {
        ["inr"] = 999_999_999,
        ["idr"] = 999_999_999_999,
        ["cop"] = 9_999_999_999,
        ["huf"] = 9_999_999_999,
        ["jpy"] = 9_999_999_999,
        ["lbp"] = 9_999_999_999,
    };

    public static IReadOnlyCollection<string> All => Known;

    public static string Read(FormNode form, string key = "currency")
    {
        var currency = form.RequiredText(key).ToLowerInvariant();
        return Known.Contains(currency)
            ? currency
            : throw StripeProblem.Invalid($"Invalid currency: {currency}. Stripe currently supports these currencies: {string.Join(", ", Known)}", form[key]!.Name);
    }

    public static void CheckAmount(long amount, string currency, string param = "amount")
    {
        if (amount < 1) throw StripeProblem.Invalid("This value must be greater than or equal to 1.", param, "parameter_invalid_integer");
        if (amount > LargerMaximums.GetValueOrDefault(currency, Maximum)) throw StripeProblem.Invalid("Amount must be no more than the maximum for this currency.", param, "amount_too_large");
        if (ThreeDecimals.Contains(currency) && amount % 10 != 0) throw StripeProblem.Invalid($"Amounts in {currency} must be a multiple of 10.", param, "parameter_invalid_integer");
        if (OnlyWholeUnits.Contains(currency) && amount % 100 != 0) throw StripeProblem.Invalid($"Amounts in {currency} must be a multiple of 100.", param, "parameter_invalid_integer");
        if (amount < Minimums.GetValueOrDefault(currency, 1)) throw StripeProblem.Invalid($"Amount must be at least {Minimums[currency]} in {currency}, in its smallest unit.", param, "amount_too_small");
    }

    /// <summary>An amount as people read it: 20.00 USD.</summary>
    public static string Show(long amount, string currency)
    {
        var decimals = NoDecimals.Contains(currency) ? 0 : ThreeDecimals.Contains(currency) ? 3 : 2;
        var scale = (decimal)Math.Pow(10, decimals);
        return $"{(amount / scale).ToString($"N{decimals}", CultureInfo.InvariantCulture)} {currency.ToUpperInvariant()}";
    }
}
