using System.ComponentModel.DataAnnotations;
using Tender.Domain.Providers;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>The calls of tender.js, from any origin, proven by the session's client secret alone. They show and ask; they hand out nothing.</summary>
internal static class EmbedEndpoints
{
    /// <summary>Shows a session to tender.js.</summary>
    /// <remarks>From any origin; the client secret is the proof.</remarks>
    public static async Task<IResult> OpenAsync(
        EmbedRequest request, Locators locators, TenantDatabases tenants, CheckoutLinks links, CancellationToken cancellation)
    {
        if (await FindAsync(request, locators, tenants, cancellation) is not ({ }, { } state)) return CheckoutEndpoints.UnknownSession();
        var embed = StoredAction.Read(state.Action) as PayerAction.Embed;
        return Results.Ok(new EmbedSession(
            state.Session.Id, state.Status, state.Provider, embed?.Script.ToString(), embed?.PublishableKey, embed?.AccountId, embed?.ClientSecret,
            state.Session.AmountMinor, state.Session.Currency, state.Session.SellerName, state.Payment.Terms.Description, state.Session.SuccessUrl, links.Hosted(state.Session.Id)));
    }

    /// <summary>Says to tender.js how a session stands, after asking the provider.</summary>
    /// <remarks>The status alone; what was bought is for the merchant's server.</remarks>
    public static async Task<IResult> ConfirmAsync(
        EmbedRequest request, Locators locators, TenantDatabases tenants, AskNow ask, CancellationToken cancellation)
    {
        if (await FindAsync(request, locators, tenants, cancellation) is not ({ } db, { } state)) return CheckoutEndpoints.UnknownSession();
        var (payment, isCertain) = await ask.RunAsync(db, state.Payment, cancellation);
        return Results.Ok(new EmbedStatus(isCertain ? (state with { Payment = payment }).Status : "processing"));
    }

    private static async Task<(TenantDb Db, SessionState State)?> FindAsync(
        EmbedRequest request, Locators locators, TenantDatabases tenants, CancellationToken cancellation)
    {
        var sessionId = await locators.FindAsync(request.ClientSecret, cancellation);
        if (await tenants.ForIdAsync(sessionId, cancellation) is not { } db) return null;
        return await ReadSession.RunAsync(db, sessionId!, cancellation) is { } state ? (db, state) : null;
    }

    /// <param name="ClientSecret">As the session's creation gave it to the merchant's server.</param>
    public sealed record EmbedRequest([Required, StringLength(500)] string ClientSecret);

    /// <param name="Status">open, processing, paid, failed, expired or canceled.</param>
    /// <param name="Script">The provider's script; null, like the next three, when the payment is taken on a page of the provider, or no longer open.</param>
    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="ReturnUrl">Where the payer comes back to from the bank.</param>
    internal sealed record EmbedSession(
        string SessionId, [AllowedValues("open", "processing", "paid", "failed", "expired", "canceled")] string Status, string? Provider, string? Script, string? PublishableKey, string? AccountId, string? ClientSecret, long Amount,
        string Currency, string Merchant, string Description, string? ReturnUrl, string Url);

    /// <param name="Status">open, processing, paid, failed, expired or canceled; processing too when the provider does not answer.</param>
    internal sealed record EmbedStatus([AllowedValues("open", "processing", "paid", "failed", "expired", "canceled")] string Status);
}
