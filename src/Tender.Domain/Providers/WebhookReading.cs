namespace Tender.Domain.Providers;

/// <summary>A webhook as it came in: unproven bytes.</summary>
/// <param name="Headers">Names in any case.</param>
/// <param name="ReceivedAt">By our clock, to judge staleness.</param>
public sealed record WebhookDelivery(ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ReceivedAt);

/// <summary>What a handler read in a webhook.</summary>
public abstract record WebhookReading
{
    private WebhookReading()
    {
    }

    /// <summary>
    /// The connected account it happened on, where one address receives the events of many; null for the keys' own account. Whoever owns a
    /// connected account can put anybody's reference into it, so the reference alone does not say whose payment it is.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>Missing, wrong or stale signature: nothing of it is believed.</summary>
    public sealed record Forged(string Why) : WebhookReading;

    /// <summary>Proven, and it states facts.</summary>
    /// <param name="EventId">The provider's id of the event: processed once in effect.</param>
    public sealed record States(string EventId, string EventType, IReadOnlyList<ProviderReport> Reports) : WebhookReading;

    /// <summary>Proven, but only says that something happened: the provider's API is asked before anything is believed.</summary>
    /// <param name="Reference">Our attempt's id when it is echoed.</param>
    public sealed record AskAbout(string EventId, string EventType, string? Reference, string? ProviderPaymentId) : WebhookReading;

    /// <summary>Proven, and about the account itself (access withdrawn, charging switched off): the connection is checked now.</summary>
    public sealed record AccountChanged(string EventId, string EventType) : WebhookReading;

    /// <summary>Proven, and nothing to us.</summary>
    /// <param name="Why">Said where it is not plain from the type: another mode, another account.</param>
    public sealed record Irrelevant(string EventId, string EventType, string? Why = null) : WebhookReading;
}
