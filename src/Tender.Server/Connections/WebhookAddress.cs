using Tender.Server.Hosting;

namespace Tender.Server.Connections;

/// <summary>Where a provider sends the webhooks of one connection.</summary>
internal sealed class WebhookAddress(Settings settings)
{
    public Uri Of(string provider, string connectionId) => new(settings.FrontendUrl, $"/api/webhooks/{provider}/{connectionId}");
}
