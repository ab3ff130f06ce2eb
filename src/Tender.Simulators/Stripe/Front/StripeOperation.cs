using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Front;

/// <summary>One call of the API: its address, what it takes, and what it does under the account's lock.</summary>
internal sealed record StripeOperation(string Method, string Pattern, Accepts Accepts, Func<StripeCall, object> Run)
{
    /// <summary>Whether a browser may make it, with the publishable key and a client secret.</summary>
    public bool TakesPublishableKey { get; init; }
}
