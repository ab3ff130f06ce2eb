using Tender.Domain.Providers;
using Tender.Server.Hosting;

namespace Tender.Server.Webhooks.In;

/// <summary>The installation's own account at a provider, as far as its webhooks need it: the secrets they may be signed with.</summary>
internal sealed class PlatformAccounts(Settings settings)
{
    private const string Prefix = "platform:";

    /// <summary>How the inbox names where the event came in.</summary>
    public static string Source(string provider) => Prefix + provider;

    public static bool IsPlatform(string source) => source.StartsWith(Prefix, StringComparison.Ordinal);

    public static string? ProviderOf(string source) => IsPlatform(source) ? source[Prefix.Length..] : null;

    /// <summary>Null when the installation has no webhook secret for that provider.</summary>
    public Account? Find(string provider) => provider is "stripe" && settings.Stripe.WebhookSecrets.Count > 0
        ? new("platform", settings.Stripe.Mode, new Dictionary<string, string>(), new Dictionary<string, Secret>(), settings.Stripe.WebhookSecrets)
        : null;
}
