using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>The fields of a Stripe connection, and what their values say of themselves.</summary>
internal static class StripeKeys
{
    public const string PublishableKey = "publishableKey";
    public const string SecretKey = "secretKey";
    public const string WebhookSecret = "webhookSecret";
    public const string ConnectedAccount = "connectedAccount";

    public static readonly IReadOnlyList<CredentialField> Fields =
    [
        new(PublishableKey, "Publishable key", Secret: false, Required: true, "^pk_(test|live)_[A-Za-z0-9_]{4,240}$",
            "Begins with pk_; the payer's browser uses it."),
        new(SecretKey, "Secret key", Secret: true, Required: true, "^(sk|rk)_(test|live)_[A-Za-z0-9_]{4,240}$",
            "Begins with sk_, or rk_ for a restricted key; of the same mode as the publishable key."),
        new(WebhookSecret, "Webhook signing secret", Secret: true, Required: false, "^whsec_[A-Za-z0-9+/=_-]{4,240}$",
            "Begins with whsec_; leave it empty and Tender registers its address itself."),
        new(ConnectedAccount, "Connected account", Secret: false, Required: false, "^acct_[A-Za-z0-9_]{4,240}$",
            "Only for platforms: the account that is charged directly, with the platform's keys above."),
    ];

    /// <summary>The mode a key belongs to; null when it does not look like a key of Stripe's.</summary>
    public static Mode? ModeOf(string? key) =>
        key is not { Length: > 8 } || key[2] != '_' ? null :
        key.AsSpan(3).StartsWith("test_") ? Mode.Test :
        key.AsSpan(3).StartsWith("live_") ? Mode.Live : null;

    /// <summary>Whether a value can stand in a header. One that cannot would be printed by the exception it causes.</summary>
    public static bool FitsHeader(string value) => value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('!', '~');
}
