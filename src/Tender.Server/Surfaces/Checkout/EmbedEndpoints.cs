using System.ComponentModel.DataAnnotations;
using Tender.Domain.Providers;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>The calls of tender.js, from any origin, proven by the session's client secret alone. They show and ask; they hand out nothing.</summary>
internal static class EmbedEndpoints
{
    public static async Task<IResult> OpenAsync(
        EmbedRequest request, Locators locators, TenantDatabases tenants, CheckoutLinks links, CancellationToken cancellation)
    {
        if (await FindAsync(request, locators, tenants, cancellation) is not ({ } db, { } state)) return CheckoutEndpoints.UnknownSession();
        var embed = StoredAction.Read(state.Action) as PayerAction.Embed;
        return Results.Ok(new
        {
            SessionId = state.Session.Id,
            state.Status,
            state.Provider,
            Script = embed?.Script.ToString(),
            embed?.PublishableKey,
            embed?.AccountId,
            embed?.ClientSecret,
            Amount = state.Session.AmountMinor,
            state.Session.Currency,
            Merchant = state.Session.SellerName ?? db.Tenant.Name,
            state.Payment.Terms.Description,
            ReturnUrl = state.Session.SuccessUrl,
            Url = links.Hosted(state.Session.Id),
        });
    }

    public static async Task<IResult> ConfirmAsync(
        EmbedRequest request, Locators locators, TenantDatabases tenants, ConfirmPaid confirm, CancellationToken cancellation)
    {
        if (await FindAsync(request, locators, tenants, cancellation) is not ({ } db, { } state)) return CheckoutEndpoints.UnknownSession();
        var (after, isCertain) = await confirm.RunAsync(db, state, cancellation);
        return isCertain ? Results.Ok(new { after.Status }) : Results.Ok(new { Status = "processing" });
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
}
