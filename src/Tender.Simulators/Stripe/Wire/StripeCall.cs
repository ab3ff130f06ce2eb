using Tender.Simulators.Stripe.Accounts;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>One API call, known and read: whose account, with which kind of key, and what it asks.</summary>
internal sealed record StripeCall(Scene Scene, FormNode Form, bool IsPublishable, string? Id, string PublicUrl)
{
    public StripeAccount Account => Scene.Account;

    /// <summary>The account of the key, which is the platform when <c>Stripe-Account</c> names another.</summary>
    public required StripeAccount KeyAccount { get; init; }

    public required StripeWorld World { get; init; }

    public required TimeSpan SearchDelay { get; init; }
}
