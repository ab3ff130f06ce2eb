using Tender.Server.Hosting;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>Where a session is seen from outside.</summary>
internal sealed class CheckoutLinks(Settings settings)
{
    /// <summary>The session as a page of ours.</summary>
    public string Hosted(string sessionId) => $"{settings.FrontendUrl.ToString().TrimEnd('/')}/pay/{sessionId}";
}
