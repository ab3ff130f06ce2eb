using System.ComponentModel.DataAnnotations;
using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Surfaces.PaymentLinks;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>POST /api/v1/checkout/sessions: the offer a merchant's site shows to one customer.</summary>
internal sealed class CreateCheckoutSession(StartPayment start, CheckoutLinks links, Ids ids, TimeProvider time)
{
    /// <summary>Long enough to find a card, short enough that held stock comes back.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    public async Task<Outcome> RunAsync(TenantDb db, Request request, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        if (call?.Resumes is { } resumes) return await ResumeAsync(db, resumes, call, cancellation);
        if (await Offer.OfProductAsync(db, request.ProductId, request.Currency, caller.Mode, cancellation) is not { } offer) return new Outcome.UnknownProduct();
        return await RunAsync(db, offer, new(
            caller.Mode, request.Quantity, request.CustomerEmail.Trim(), request.CustomerName?.Trim(), request.SuccessUrl, request.Metadata ?? []), call, cancellation);
    }

    /// <summary>The same for an offer that was found already: by a payment link.</summary>
    public async Task<Outcome> RunAsync(TenantDb db, Offer offer, Order order, IdempotentCall? call, CancellationToken cancellation)
    {
        if (offer.UnitMinor is not { } unit) return new Outcome.NoPrice(offer.Currency);
        if (unit is 0) return new Outcome.NothingToPay();

        var session = NewSession(db, offer, order, new(unit, Currency.Of(offer.Currency)));
        try
        {
            return OutcomeOf(session.Id, await start.RunAsync(
                db, session.Asked, cancellation, batch => AddSession(batch, session, call), OnAnswer(session.Id, session.Asked.Amount, session.Asked.ExpiresAt, call)));
        }
        catch (PostgresException e) when (e.ConstraintName is "products_stock_check" or "products_test_stock_check")
        {
            return new Outcome.SoldOut();
        }
        catch (PostgresException e) when (e.ConstraintName is LinkPlaces.Rule)
        {
            return new Outcome.NoPlace();
        }
    }

    private async Task<Outcome> ResumeAsync(TenantDb db, string sessionId, IdempotentCall call, CancellationToken cancellation)
    {
        var paymentId = await db.QuerySingleOrDefaultAsync<string>("select payment_id from checkout_sessions where id = @sessionId", new { sessionId }, cancellation);
        var payment = await ReadPayment.RunAsync(db, paymentId!, cancellation);
        return OutcomeOf(sessionId, await start.ResumeAsync(db, payment!, cancellation, OnAnswer(sessionId, payment!.Payment.Amount, payment.Terms.ExpiresAt, call)));
    }

    private Action<Batch, Shown> OnAnswer(string sessionId, Money amount, DateTimeOffset expiresAt, IdempotentCall? call) =>
        (batch, shown) => call?.Answer(batch, StatusCodes.Status201Created, Answer(sessionId, amount, expiresAt, shown));

    private Outcome OutcomeOf(string sessionId, Started started) => started switch
    {
        Started.AwaitingPayer { Payment: var payment, Shown: var shown } => new Outcome.Created(Answer(sessionId, payment.Payment.Amount, payment.Terms.ExpiresAt, shown)),
        Started.Settled => new Outcome.NotStarted(new Started.NobodyAnswered("the provider gave no payment form")),
        _ => new Outcome.NotStarted(started),
    };

    private Session NewSession(TenantDb db, Offer offer, Order order, Money unit)
    {
        var id = ids.New("cs", db.Tenant.Code);
        var metadata = new Dictionary<string, string>(order.Metadata) { ["tender_session"] = id };
        if (order.LinkId is { } link) metadata[LinkPlaces.LinkKey] = link;
        var asked = new SumAsked(
            ids.New("pay", db.Tenant.Code), order.Mode, unit * order.Quantity, CheckoutSlice.Purpose, id,
            order.Quantity is 1 ? offer.Name : $"{order.Quantity} × {offer.Name}", order.CustomerEmail, order.CustomerName,
            Presentation.Embedded, CaptureLater: false, order.SuccessUrl ?? links.HostedReturn(id), links.Hosted(id), time.GetUtcNow() + Lifetime, metadata);
        return new(id, unit, offer, order, asked);
    }

    private void AddSession(Batch batch, Session session, IdempotentCall? call)
    {
        call?.Claim(batch, session.Id);
        var now = time.GetUtcNow();
        if (session.Offer.HasStock) HeldStock.AddTaken(batch, session.Offer.ProductId!, session.Order);
        if (session.Order.LinkId is { } link) LinkPlaces.AddTaken(batch, link, now);
        batch.Add("""
            insert into checkout_sessions (id, payment_id, product_id, product_name, product_kind, quantity, unit_minor, amount_minor, currency,
                                           customer_email, customer_name, success_url, created_at, expires_at, stock_held, link_id, place_held)
            values (@Id, @PaymentId, @ProductId, @Name, @Kind, @Quantity, @UnitMinor, @AmountMinor, @Currency,
                    @Email, @CustomerName, @SuccessUrl, @now, @ExpiresAt, @HasStock, @LinkId, @LinkId is not null)
            """, new
        {
            session.Id,
            session.Asked.PaymentId,
            session.Offer.ProductId,
            session.Offer.Name,
            session.Offer.Kind,
            session.Order.Quantity,
            UnitMinor = session.Unit.Minor,
            AmountMinor = session.Asked.Amount.Minor,
            session.Offer.Currency,
            Email = session.Asked.PayerEmail,
            CustomerName = session.Asked.PayerName ?? "",
            session.Order.SuccessUrl,
            now,
            session.Asked.ExpiresAt,
            session.Offer.HasStock,
            session.Order.LinkId,
        });
    }

    private Response Answer(string sessionId, Money amount, DateTimeOffset expiresAt, Shown shown) => new(
        sessionId, sessionId, (shown.Action as PayerAction.Embed)?.ClientSecret, amount.Minor, amount.Currency.Code, expiresAt, shown.Provider,
        links.Hosted(sessionId));

    private sealed record Session(string Id, Money Unit, Offer Offer, Order Order, SumAsked Asked);

    /// <param name="Currency">Lower-case ISO code; the tenant's own when missing.</param>
    /// <param name="SuccessUrl">Where the payer comes back to after a redirect.</param>
    public sealed record Request(
        [Required, StringLength(100)] string ProductId, [Required, PlainMailAddress, StringLength(254)] string CustomerEmail,
        [StringLength(200)] string? CustomerName, [KnownCurrency] string? Currency, [WebAddress] string? SuccessUrl,
        [MetadataLimits] Dictionary<string, string>? Metadata, [Range(1, 1000)] int Quantity = 1);

    /// <param name="ClientSecret">For tender.js, or for the provider's own script.</param>
    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="Url">The same session as a page of ours.</param>
    public sealed record Response(
        string Id, string SessionId, string? ClientSecret, long Amount, string Currency, DateTimeOffset ExpiresAt, string Provider, string Url);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Created(Response Session) : Outcome;

        public sealed record UnknownProduct : Outcome;

        public sealed record NoPrice(string Currency) : Outcome;

        public sealed record NothingToPay : Outcome;

        public sealed record SoldOut : Outcome;

        /// <summary>The link was paid, or is being paid, as often as it may be.</summary>
        public sealed record NoPlace : Outcome;

        /// <summary>Nobody could be asked for the sum.</summary>
        public sealed record NotStarted(Started Why) : Outcome;
    }
}
