using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>What one call to Stripe came to: the object asked for, or one of the outcomes that are not an object.</summary>
internal abstract record StripeReply<T>
{
    private StripeReply()
    {
    }

    /// <param name="Body">The answer's bytes: evidence.</param>
    public sealed record Got(T Object, byte[] Body) : StripeReply<T>;

    /// <param name="Outcome">Refused, NotReached or Unknown.</param>
    /// <param name="Error">Stripe's own words, when it said no in its own shape.</param>
    public sealed record Not(ProviderAnswer Outcome, int HttpStatus, StripeError? Error) : StripeReply<T>
    {
        public bool IsMissing => HttpStatus == 404 && Error?.Code == "resource_missing";

        /// <summary>The reason, whatever kind of no it is.</summary>
        public string Said => Outcome switch
        {
            ProviderAnswer.Refused refused => refused.Reason,
            ProviderAnswer.NotReached not => not.Why,
            ProviderAnswer.Unknown unknown => unknown.Why,
            _ => "nothing",
        };
    }
}
