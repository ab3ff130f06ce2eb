using Tender.Domain.Providers;

namespace Tender.Server.Hosting;

/// <summary>The platform's own account at Stripe, and how Stripe is reached: the real one, or the simulator.</summary>
/// <param name="WebhookSecrets">Several while one is being replaced.</param>
/// <param name="ProductPriceId">The price that paid access sells when a tier has none of its own.</param>
/// <param name="JsUrl">Stripe's script for the page that takes the money.</param>
/// <param name="ConnectClientId">For tenants who connect by OAuth.</param>
public sealed record StripeSettings(
    Secret? SecretKey, string? PublishableKey, IReadOnlyList<Secret> WebhookSecrets, string? ProductPriceId,
    Uri ApiBase, Uri JsUrl, string ApiVersion, string? ConnectClientId)
{
    internal static StripeSettings Read(GivenSettings given, Uri? simulators)
    {
        var secretKey = given.Matching("STRIPE_SECRET_KEY", "^(sk|rk)_(test|live)_[A-Za-z0-9_]+$", "a key that begins with sk_test_, sk_live_, rk_test_ or rk_live_");
        var publishableKey = given.Matching("STRIPE_PUBLISHABLE_KEY", "^pk_(test|live)_[A-Za-z0-9_]+$", "a key that begins with pk_test_ or pk_live_");
        if (secretKey is not null && publishableKey is not null && IsLive(secretKey) != IsLive(publishableKey))
        {
            throw new CannotStartException("STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY belong to different modes; both must be test or both live.");
        }

        return new(
            SecretKey: secretKey is null ? null : new(secretKey),
            PublishableKey: publishableKey,
            WebhookSecrets: [.. given.EachMatching("STRIPE_WEBHOOK_SECRET", "^whsec_.+$", "secrets that begin with whsec_, separated by commas").Select(text => new Secret(text))],
            ProductPriceId: given.Matching("STRIPE_PRODUCT_PRICE_ID", "^price_.+$", "an id that begins with price_"),
            ApiBase: given.Url("STRIPE_API_BASE", "http", "https") ?? At(simulators, "/stripe") ?? new("https://api.stripe.com"),
            JsUrl: given.Url("STRIPE_JS_URL", "http", "https") ?? At(simulators, "/stripe/js/stripe.js") ?? new("https://js.stripe.com/v3/"),
            ApiVersion: given.Matching("STRIPE_API_VERSION", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(\\.[a-z]+)?$", "a version such as 2026-07-29.dahlia") ?? "2026-07-29.dahlia",
            ConnectClientId: given.Matching("STRIPE_CONNECT_CLIENT_ID", "^ca_.+$", "an id that begins with ca_"));
    }

    /// <summary>The mode of the platform's own account; test while it has no key.</summary>
    public Mode Mode => SecretKey is { } key && IsLive(key.Reveal()) ? Mode.Live : Mode.Test;

    private static bool IsLive(string key) => key.Contains("_live_", StringComparison.Ordinal);

    /// <summary>The same beside a simulator: whatever still points to the real Stripe points there, and a webhook secret is there.</summary>
    internal StripeSettings Beside(Uri simulators, string webhookSecret) => this with
    {
        ApiBase = ApiBase.Host is "api.stripe.com" && SecretKey is null ? At(simulators, "/stripe")! : ApiBase,
        JsUrl = JsUrl.Host is "js.stripe.com" && SecretKey is null ? At(simulators, "/stripe/js/stripe.js")! : JsUrl,
        WebhookSecrets = WebhookSecrets.Count > 0 ? WebhookSecrets : [new(webhookSecret)],
    };

    // Beside simulators nothing asks the real Stripe unless the operator names it.
    private static Uri? At(Uri? simulators, string path) => simulators is null ? null : new(simulators, path);
}
