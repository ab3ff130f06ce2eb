namespace Tender.Simulators.Stripe.Events;

/// <summary>One event on its way to one endpoint.</summary>
internal sealed record Delivery(StripeEvent Event, WebhookEndpoint Endpoint, byte[] Body)
{
    public int Attempt { get; init; } = 1;

    /// <summary>The fault that spoils its signature, if any.</summary>
    public string? Spoiled { get; init; }

}

/// <summary>What became of one try to deliver.</summary>
internal sealed record DeliveryNote(string Event, string Type, string Account, string Endpoint, string Url, int Attempt, int? Status, string? Failure, string? Spoiled, long At);
