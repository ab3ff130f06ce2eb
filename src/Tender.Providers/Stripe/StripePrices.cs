using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Reads the account's own prices. What a price costs never changes at Stripe; it can only be taken off sale.</summary>
internal sealed class StripePrices(StripeApi api)
{
    public async Task<PriceReading> ReadAsync(string priceId, Account account, CancellationToken cancellation) =>
        await api.GetAsync($"/v1/prices/{StripeAsk.Escape(priceId)}", StripeJson.Default.StripePrice, account, cancellation) switch
        {
            StripeReply<StripePrice>.Got { Object: var price } => Read(price, priceId),
            StripeReply<StripePrice>.Not { IsMissing: true } => new PriceReading.Refused($"This account has no price {priceId}."),
            StripeReply<StripePrice>.Not { HttpStatus: not 429, Outcome: ProviderAnswer.Refused refused } => new PriceReading.Refused(refused.Reason),
            StripeReply<StripePrice>.Not no => new PriceReading.NotReached(no.Said),
            _ => new PriceReading.NotReached("Stripe's answer is no price."),
        };

    private static PriceReading Read(StripePrice price, string priceId) => price switch
    {
        { Active: false } => new PriceReading.Refused($"The price {priceId} is not active."),
        { Type: "recurring" } => new PriceReading.Refused($"The price {priceId} is paid again and again; one that is paid once is needed."),
        { Id: var id } when id != priceId => new PriceReading.NotReached("Stripe's answer is another price."),
        _ when StripeAmounts.FromWire(price.UnitAmount, price.Currency) is { Minor: > 0 } amount => new PriceReading.Found(amount),
        _ => new PriceReading.Refused($"The price {priceId} has no fixed sum above 0."),
    };
}
