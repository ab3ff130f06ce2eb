using Tender.Server.Fulfilment;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>Where a payer comes back to. Whoever holds the address may see the key, once: it is signed, and goes to the payer and the provider alone.</summary>
internal sealed class AccessLinks(SignedLinks links)
{
    public string Return(string paymentId) => links.Access(paymentId);
}
