using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Accounts;

/// <summary>GET /v1/country_specs/{country}: what may be charged in there. Every country of this simulator takes every currency.</summary>
internal static class GetCountrySpec
{
    public static object Run(StripeCall call)
    {
        var country = call.Id!;
        if (country.Length != 2 || !country.All(char.IsAsciiLetterUpper)) throw StripeProblem.Invalid($"Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.", "country");
        return new
        {
            Id = country,
            Object = "country_spec",
            DefaultCurrency = country == call.Account.Country ? call.Account.DefaultCurrency : "usd",
            SupportedPaymentCurrencies = Currencies.All,
            SupportedPaymentMethods = new[] { "ach", "card", "stripe" },
        };
    }
}
