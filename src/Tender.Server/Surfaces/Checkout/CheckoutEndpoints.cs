using System.ComponentModel.DataAnnotations;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Fulfilment;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>The calls of a merchant's server.</summary>
internal static class CheckoutEndpoints
{
    /// <summary>Offers a product to one customer.</summary>
    /// <remarks>Hand clientSecret to tender.js, or send the payer to url. Stock is held for two hours, then the session expires.</remarks>
    public static async Task<IResult> CreateAsync(
        CreateCheckoutSession.Request request, CreateCheckoutSession create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        CheckoutAnswers.Of(await create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation));

    /// <summary>Reads a session.</summary>
    /// <remarks>As Tender knows it now; the provider is not asked. For proof of payment call confirm.</remarks>
    public static async Task<IResult> ReadAsync(string id, TenantDb db, CheckoutLinks links, HttpContext context, CancellationToken cancellation)
    {
        if (await OwnAsync(db, id, context, cancellation) is not { } state) return UnknownSession();
        var session = state.Session;
        return Results.Ok(new Session(
            session.Id, session.Id, state.Status, session.PaymentId, session.ProductId, session.Quantity, session.AmountMinor, session.Currency,
            session.CustomerEmail, session.CustomerName, (StoredAction.Read(state.Action) as PayerAction.Embed)?.ClientSecret, state.Provider,
            session.CreatedAt, session.ExpiresAt,
            state.Payment.Terms.Metadata.Where(m => !m.Key.StartsWith("tender_", StringComparison.Ordinal)).ToDictionary(), links.Hosted(session.Id)));
    }

    /// <summary>Says what was bought once the session is paid.</summary>
    /// <remarks>Asks the provider, never trusts the caller; the same answer however often it is called. 409 with sessionStatus while unpaid.</remarks>
    public static async Task<IResult> ConfirmAsync(
        ConfirmRequest request, TenantDb db, AskNow ask, SignedLinks links, HttpContext context, CancellationToken cancellation)
    {
        if (await OwnAsync(db, request.SessionId, context, cancellation) is not { } state) return UnknownSession();
        if (request.PaymentIntentId is { } theirs && state.Payment.Payment.Attempts.All(a => a.ProviderPaymentId is { } ours && ours != theirs))
            return Problem.Impossible("payment_mismatch", "This payment does not belong to the session.", "paymentIntentId");

        var (payment, isCertain) = await ask.RunAsync(db, state.Payment, cancellation);
        var after = state with { Payment = payment };
        if (!after.Payment.Payment.IsPaidInFull) return CheckoutAnswers.Unpaid(after, isCertain);
        return Results.Ok(CheckoutAnswers.Paid(after, await ReadFulfilment.RunAsync(db, after.Session.PaymentId, cancellation), links));
    }

    /// <summary>Reads which providers the key's tenant can be paid through.</summary>
    /// <remarks>Public keys only, in the order in which connections are tried. The first four members are the first provider's.</remarks>
    public static async Task<IResult> ConfigAsync(TenantDb db, ReadConnections connections, OpenAccount accounts, AllProviders providers, HttpContext context, CancellationToken cancellation)
    {
        var mode = context.Caller().Mode;
        var serving = (await connections.RunAsync(db, cancellation)).Where(c => c.IsEnabled && c.Mode == mode && c.Status is not "draining")
            .OrderByDescending(c => c.IsDefault).ThenBy(c => c.Priority).ToList();
        var shown = new List<ProviderConfig>();
        foreach (var connection in serving)
        {
            var account = await accounts.RunAsync(db, connection.Id, cancellation);
            shown.Add(new(connection.Provider, providers.NameOf(connection.Provider), account.Field("publishableKey"), account.Field("connectedAccount"), connection.Currencies));
        }

        var first = shown.FirstOrDefault();
        return Results.Ok(new Config(
            first?.Provider, first?.ProviderName, first?.PublishableKey, first?.AccountId, [.. shown.SelectMany(p => p.SupportedCurrencies).Distinct().Order()], shown));
    }

    public static Problem UnknownSession() => Problem.NotFound("unknown_session", "There is no such checkout session.");

    // A test key does not reach a live session, and the other way round.
    private static async Task<SessionState?> OwnAsync(TenantDb db, string id, HttpContext context, CancellationToken cancellation) =>
        Ids.TenantOf(id) == db.Tenant.Code && await ReadSession.RunAsync(db, id, cancellation) is { } state && state.Payment.Terms.Mode == context.Caller().Mode ? state : null;

    /// <param name="PaymentIntentId">The provider's id, as its script gave it to the page; it is compared, never believed.</param>
    public sealed record ConfirmRequest([Required, StringLength(100)] string SessionId, [StringLength(255)] string? PaymentIntentId);

    /// <summary>What a page needs to know before it makes a session. The first four are of the connection that is asked first; null when none is connected.</summary>
    internal sealed record Config(
        string? Provider, string? ProviderName, string? PublishableKey, string? AccountId, IReadOnlyList<string> SupportedCurrencies, IReadOnlyList<ProviderConfig> Providers);

    /// <param name="Status">open, processing, paid, failed, expired or canceled.</param>
    /// <param name="ProductId">Null for a sum that is no product, asked for by a payment link.</param>
    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="ClientSecret">Null once nobody can pay it any more.</param>
    /// <param name="Url">The same session as a page of ours.</param>
    internal sealed record Session(
        string Id, string SessionId, [AllowedValues("open", "processing", "paid", "failed", "expired", "canceled")] string Status, string PaymentId, string? ProductId, int Quantity, long Amount, string Currency, string CustomerEmail,
        string CustomerName, string? ClientSecret, string? Provider, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, IReadOnlyDictionary<string, string> Metadata,
        string Url);

    internal sealed record ProviderConfig(
        string Provider, string ProviderName, string? PublishableKey, string? AccountId, IReadOnlyList<string> SupportedCurrencies);
}
