using Tender.Server.Hosting;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>Where a session is seen from outside.</summary>
internal sealed class CheckoutLinks(Settings settings)
{
    /// <summary>The session as a page of ours.</summary>
    public string Hosted(string sessionId) => $"{settings.FrontendUrl.ToString().TrimEnd('/')}/pay/{sessionId}";

    /// <summary>The same, for a payer who comes back from a provider's own page.</summary>
    public string HostedReturn(string sessionId) => $"{Hosted(sessionId)}?back=1";
}
