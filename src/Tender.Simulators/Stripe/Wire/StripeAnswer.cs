namespace Tender.Simulators.Stripe.Wire;

/// <summary>What goes back: a status and a JSON body that is never changed once made, so that it can be replayed.</summary>
internal sealed record StripeAnswer(int Status, byte[] Body)
{
    public bool? ShouldRetry { get; init; }

    public string? RateLimitedReason { get; init; }
}
