using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Whose credentials these are, and whether they can take money.</summary>
internal sealed class StripeCheck(StripeApi api)
{
    public async Task<AccountCheck> RunAsync(Account account, CancellationToken cancellation)
    {
        if (StripeKeys.ModeOf(account.RequiredSecret(StripeKeys.SecretKey).Reveal()) is not { } mode)
        {
            return new AccountCheck.Refused("The secret key does not look like one of Stripe's.");
        }

        if (account.Field(StripeKeys.PublishableKey) is { Length: > 0 } publishable && StripeKeys.ModeOf(publishable) != mode)
        {
            return new AccountCheck.Refused("The publishable key and the secret key are of different modes; both must be test, or both live.");
        }

        return await api.GetAsync("/v1/account", StripeJson.Default.StripeAccount, account, cancellation) switch
        {
            StripeReply<StripeAccount>.Got { Object: { Id: { } id } about } => await WorksAsync(id, about, mode, account, cancellation),
            StripeReply<StripeAccount>.Not { HttpStatus: 403 } no => new AccountCheck.Refused(
                $"The key may not do what Tender needs. A restricted key needs at least: account read, PaymentIntents, Checkout Sessions and refunds write. Stripe says: {no.Said}"),
            StripeReply<StripeAccount>.Not { HttpStatus: not 429, Outcome: ProviderAnswer.Refused refused } => new AccountCheck.Refused(refused.Reason),
            StripeReply<StripeAccount>.Not no => new AccountCheck.NotReached(no.Said),
            _ => new AccountCheck.NotReached("Stripe's answer names no account."),
        };
    }

    private async Task<AccountCheck> WorksAsync(string id, StripeAccount about, Mode mode, Account account, CancellationToken cancellation)
    {
        var name = FirstOf(about.Settings?.Dashboard?.DisplayName, about.BusinessProfile?.Name, about.Email);

        // An account that is not activated yet still takes test payments.
        var canCharge = mode is Mode.Test || about.ChargesEnabled is true;
        return new AccountCheck.Works(id, name, mode, canCharge, await CurrenciesAsync(about.Country, account, cancellation));
    }

    // Stripe says by country what may be charged in. Where it does not, the list stays empty: better than a guess that keeps payments away.
    private async Task<IReadOnlyList<string>> CurrenciesAsync(string? country, Account account, CancellationToken cancellation)
    {
        if (country is not { Length: 2 }) return [];

        var path = $"/v1/country_specs/{StripeAsk.Escape(country)}";
        var reply = await api.GetAsync(path, StripeJson.Default.StripeCountrySpec, account, cancellation);
        return reply is StripeReply<StripeCountrySpec>.Got { Object.SupportedPaymentCurrencies: { Count: > 0 } codes }
            ? [.. codes.Where(code => Currency.TryParse(code, out _)).Select(code => code.ToLowerInvariant()).Order(StringComparer.Ordinal)]
            : [];
    }

    private static string? FirstOf(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name)) return name;
        }

        return null;
    }
}
