namespace Tender.Domain.Providers;

/// <summary>A tenant's account at a provider, opened for one call.</summary>
/// <param name="Mode">Test and live never mix.</param>
/// <param name="Fields">Public credential fields by name (publishable key, account id).</param>
/// <param name="Secrets">Secret credential fields by name.</param>
/// <param name="AcceptedWebhookSecrets">Every webhook secret that is valid now; several during a rotation.</param>
public sealed record Account(
    string ConnectionId, Mode Mode, IReadOnlyDictionary<string, string> Fields, IReadOnlyDictionary<string, Secret> Secrets,
    IReadOnlyList<Secret> AcceptedWebhookSecrets)
{
    /// <summary>A secret that the provider's form requires.</summary>
    public Secret RequiredSecret(string name) =>
        Secrets.TryGetValue(name, out var secret) ? secret : throw new BrokenRuleException($"the connection has no {name}");

    /// <summary>A public field, or null.</summary>
    public string? Field(string name) => Fields.GetValueOrDefault(name);
}

/// <summary>Whether money is real.</summary>
public enum Mode
{
    Test,
    Live,
}

/// <summary>A secret in use. It prints as (secret) everywhere; only a handler on its way to the wire reveals it.</summary>
public sealed class Secret(string value)
{
    /// <summary>The plain value. Call it only where it goes onto the provider's wire or into a signature.</summary>
    public string Reveal() => value;

    public override string ToString() => "(secret)";
}

/// <summary>What the provider said of an account's credentials.</summary>
public abstract record AccountCheck
{
    private AccountCheck()
    {
    }

    /// <summary>They work.</summary>
    /// <param name="AccountId">The provider's id of the account.</param>
    /// <param name="Mode">The mode the credentials belong to.</param>
    /// <param name="CanCharge">False when the account is valid but may not take money yet.</param>
    /// <param name="Currencies">Lower-case codes the account serves; empty when the provider does not say.</param>
    public sealed record Works(string AccountId, string? DisplayName, Mode Mode, bool CanCharge, IReadOnlyList<string> Currencies) : AccountCheck;

    /// <summary>The provider refuses them.</summary>
    public sealed record Refused(string Reason) : AccountCheck;

    /// <summary>The provider could not be asked.</summary>
    public sealed record NotReached(string Why) : AccountCheck;
}
