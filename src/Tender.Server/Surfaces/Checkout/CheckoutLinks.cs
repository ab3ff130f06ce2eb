using Tender.Server.Hosting;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>Where a session is seen from outside.</summary>
internal sealed class CheckoutLinks(Settings settings)
{
    /// <summary>The session as a page of ours.</summary>
    public string Hosted(string sessionId) => $"{Site}/pay/{sessionId}";

    /// <summary>The same, for a payer who comes back from a provider's own page.</summary>
    public string HostedReturn(string sessionId) => $"{Hosted(sessionId)}?back=1";

    /// <summary>A payment link, by its code.</summary>
    public string Shared(string code) => $"{Site}/pay/l/{code}";

    private string Site => settings.FrontendUrl.ToString().TrimEnd('/');
}
