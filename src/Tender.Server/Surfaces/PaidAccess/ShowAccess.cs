using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment;
using Tender.Server.Payments;
using Tender.Server.Sellers;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>What the page shows that a payer comes back to. Its signed address is the proof.</summary>
internal sealed class ShowAccess(TenantDatabases tenants, AskNow ask, UserKeys keys, SignedLinks links)
{
    /// <summary>Null when the address is not one of ours, or too old.</summary>
    public async Task<Shown?> RunAsync(string paymentId, string? expires, string? signature, CancellationToken cancellation)
    {
        if (links.Check(Linked.Access, paymentId, expires, signature) is not LinkProof.Good || await tenants.ForIdAsync(paymentId, cancellation) is not { } db) return null;
        if (await ReadPayment.RunAsync(db, paymentId, cancellation) is not { } payment) return null;

        var isCertain = true;
        // One that was closed here may be open there still, and be what the payer comes from.
        if (payment.Payment is { Status: not PaymentStatus.Succeeded, Live.MayStillBePaid: true }) (payment, isCertain) = await ask.RunAsync(db, payment, cancellation);
        return new(db, await ReadSeller.NameAsync(db, cancellation), payment, isCertain, payment.Payment.IsPaidInFull ? await UserKeys.OfAsync(db, paymentId, cancellation) : null);
    }

    /// <summary>The provider's page, while it can still be paid there.</summary>
    public static async Task<Uri?> PageAsync(Shown shown, CancellationToken cancellation) => shown.Payment.Payment is { Status: PaymentStatus.AwaitingPayer, Live: { } live }
        && StoredAction.Read(await shown.Db.QuerySingleOrDefaultAsync<string>("select action::text from attempts where id = @Id", new { live.Id }, cancellation)) is PayerAction.Redirect redirect
        ? redirect.Page : null;

    public Task<UserKeys.Outcome> RevealAsync(Shown shown, CancellationToken cancellation) => keys.RevealOfAsync(shown.Db, shown.Payment.Id, cancellation);

    /// <param name="IsCertain">False when the provider was asked and gave no answer.</param>
    /// <param name="Key">Null until it is paid, and for a conversation that had been paid before.</param>
    internal sealed record Shown(TenantDb Db, string Merchant, StoredPayment Payment, bool IsCertain, UserKeys.Row? Key);
}
