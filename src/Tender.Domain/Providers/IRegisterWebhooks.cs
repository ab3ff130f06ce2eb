namespace Tender.Domain.Providers;

/// <summary>The provider lets its webhooks be set up by API, so that nobody has to copy an address and a secret by hand.</summary>
public interface IRegisterWebhooks
{
    /// <summary>
    /// Registers an address for every event the handler understands. Safe to repeat: the same address of the same connection gives the
    /// same registration as long as the provider remembers it, and a new one after that.
    /// </summary>
    Task<WebhookRegistration> RegisterAsync(Uri endpoint, Account account, CancellationToken cancellation);
}

/// <summary>What the provider said to an address for its webhooks.</summary>
public abstract record WebhookRegistration
{
    private WebhookRegistration()
    {
    }

    /// <summary>It will call. Most providers tell the secret only this once.</summary>
    /// <param name="SigningSecret">What its calls will be signed with.</param>
    /// <param name="ProviderEndpointId">The provider's id of the registration.</param>
    public sealed record Registered(Secret SigningSecret, string ProviderEndpointId) : WebhookRegistration;

    /// <summary>It will not.</summary>
    public sealed record Refused(string Reason) : WebhookRegistration;

    /// <summary>It could not be asked, or its answer was lost; asking again is safe.</summary>
    public sealed record NotReached(string Why) : WebhookRegistration;
}
