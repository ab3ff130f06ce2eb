using System.ComponentModel.DataAnnotations;
using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
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
        if (await OfferAsync(db, request, caller.Mode, cancellation) is not { } offer) return new Outcome.UnknownProduct();
        if (offer.UnitMinor is not { } unit) return new Outcome.NoPrice(request.Currency ?? db.Tenant.Currency);
        if (unit is 0) return new Outcome.NothingToPay();

        var session = NewSession(db, request, caller, offer, new(unit, Currency.Of(offer.Currency)));
        try
        {
            return OutcomeOf(session.Id, await start.RunAsync(
                db, session.Asked, cancellation, batch => AddSession(batch, session, offer, call), OnAnswer(session.Id, session.Asked.Amount, session.Asked.ExpiresAt, call)));
        }
        catch (PostgresException e) when (e.ConstraintName is "products_stock_check" or "products_test_stock_check")
        {
            return new Outcome.SoldOut();
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

    private Session NewSession(TenantDb db, Request request, Caller caller, Offer offer, Money unit)
    {
        var id = ids.New("cs", db.Tenant.Code);
        var metadata = new Dictionary<string, string>(request.Metadata ?? []) { ["tender_session"] = id };
        var asked = new SumAsked(
            ids.New("pay", db.Tenant.Code), caller.Mode, unit * request.Quantity, CheckoutSlice.Purpose, id,
            request.Quantity is 1 ? offer.Name : $"{request.Quantity} × {offer.Name}", request.CustomerEmail.Trim(), request.CustomerName?.Trim(),
            Presentation.Embedded, CaptureLater: false, request.SuccessUrl ?? links.HostedReturn(id), links.Hosted(id), time.GetUtcNow() + Lifetime, metadata);
        return new(id, unit, request, asked);
    }

    private void AddSession(Batch batch, Session session, Offer offer, IdempotentCall? call)
    {
        call?.Claim(batch, session.Id);
        if (offer.HasStock)
        {
            batch.Add("""
                update products set stock = case when @IsLive then stock - @Quantity else stock end,
                       test_stock = case when @IsLive then test_stock else test_stock - @Quantity end
                where id = @ProductId
                """, new { session.Request.Quantity, session.Request.ProductId, IsLive = session.Asked.Mode is Mode.Live });
        }

        batch.Add("""
            insert into checkout_sessions (id, payment_id, product_id, product_name, product_kind, quantity, unit_minor, amount_minor, currency,
                                           customer_email, customer_name, success_url, created_at, expires_at, stock_held)
            values (@Id, @PaymentId, @ProductId, @Name, @Kind, @Quantity, @UnitMinor, @AmountMinor, @Currency,
                    @Email, @CustomerName, @SuccessUrl, @Now, @ExpiresAt, @HasStock)
            """, new
        {
            session.Id,
            session.Asked.PaymentId,
            session.Request.ProductId,
            offer.Name,
            offer.Kind,
            session.Request.Quantity,
            UnitMinor = session.Unit.Minor,
            AmountMinor = session.Asked.Amount.Minor,
            offer.Currency,
            Email = session.Asked.PayerEmail,
            CustomerName = session.Asked.PayerName ?? "",
            session.Request.SuccessUrl,
            Now = time.GetUtcNow(),
            session.Asked.ExpiresAt,
            offer.HasStock,
        });
    }

    private Response Answer(string sessionId, Money amount, DateTimeOffset expiresAt, Shown shown) => new(
        sessionId, sessionId, (shown.Action as PayerAction.Embed)?.ClientSecret, amount.Minor, amount.Currency.Code, expiresAt, shown.Provider,
        links.Hosted(sessionId));

    private static Task<Offer?> OfferAsync(TenantDb db, Request request, Mode mode, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<Offer>("""
            select p.name, p.kind, case when @IsLive then p.stock else p.test_stock end is not null as has_stock, @Currency as currency, r.amount_minor as unit_minor
            from products p left join prices r on r.product_id = p.id and r.currency = @Currency
            where p.id = @ProductId and p.is_active
            """, new { request.ProductId, Currency = (request.Currency ?? db.Tenant.Currency).ToLowerInvariant(), IsLive = mode is Mode.Live }, cancellation);

    private sealed record Session(string Id, Money Unit, Request Request, SumAsked Asked);

    private sealed record Offer(string Name, string Kind, bool HasStock, string Currency, long? UnitMinor);

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

        /// <summary>Nobody could be asked for the sum.</summary>
        public sealed record NotStarted(Started Why) : Outcome;
    }
}
