using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Events;

/// <summary>An address that wants to hear of events.</summary>
internal sealed class WebhookEndpoint : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "webhook_endpoint";

    public string? ApiVersion { get; init; }

    public string? Application => null;

    public required long Created { get; init; }

    public string? Description { get; set; }

    public required IReadOnlyList<string> EnabledEvents { get; set; }

    public bool Livemode { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public string Status { get; set; } = "enabled";

    public required string Url { get; set; }

    /// <summary>Whether it hears of connected accounts, and then only of them.</summary>
    [Unseen]
    public bool IsForConnected { get; init; }

    /// <summary>More than one while a secret is rolled; the newest is first.</summary>
    [Unseen]
    public required IReadOnlyList<string> Secrets { get; set; }

    public bool Wants(string type) => Status is "enabled" && (EnabledEvents.Contains("*") || EnabledEvents.Contains(type));

    public void Roll(string secret, bool keepsOld) => Secrets = keepsOld ? [secret, .. Secrets] : [secret];

    public void DropOldSecrets() => Secrets = [Secrets[0]];
}
