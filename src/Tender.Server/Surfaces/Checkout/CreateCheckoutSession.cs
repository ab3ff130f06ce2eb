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
        if (await Offer.OfProductAsync(db, request.ProductId, request.Currency, caller.Mode, cancellation) is not { } offer) return new Outcome.UnknownProduct();
        return await RunAsync(db, offer, new(
            caller.Mode, request.Quantity, request.CustomerEmail.Trim(), request.CustomerName?.Trim(), request.SuccessUrl, request.Metadata ?? []), call, cancellation);
    }

    /// <summary>The same for an offer that was found already: by a payment link.</summary>
    public async Task<Outcome> RunAsync(TenantDb db, Offer offer, Order order, IdempotentCall? call, CancellationToken cancellation)
    {
        if (offer.UnitMinor is not { } unit) return new Outcome.NoPrice(offer.Currency);
        if (unit is 0) return new Outcome.NothingToPay();

        var session = SessionOf(db, offer, order, new(unit, Currency.Of(offer.Currency)));
        try
        {
            return OutcomeOf(session.Id, await start.RunAsync(
                db, session.Asked, cancellation, batch => AddSession(batch, session, call), OnAnswer(session.Id, session.Asked.Amount, session.Asked.ExpiresAt, call)));
        }
        catch (PostgresException e) when (NoneLeft(e) is { } none)
        {
            return none;
        }
    }

    // Of all that a session's batch writes, nothing but a link's place can be spent.
    private static Outcome? NoneLeft(PostgresException e) =>
        e.ConstraintName is "products_stock_check" or "products_test_stock_check" ? new Outcome.SoldOut() :
        Spending.WasSpent(e) ? new Outcome.NoPlace() : null;

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

    private NewSession SessionOf(TenantDb db, Offer offer, Order order, Money unit)
    {
        var id = ids.New("cs", db.Tenant.Code);
        var metadata = new Dictionary<string, string>(order.Metadata) { ["tender_session"] = id };
        var asked = new SumAsked(
            ids.New("pay", db.Tenant.Code), order.Mode, unit * order.Quantity, CheckoutSlice.Purpose, id,
            order.Quantity is 1 ? offer.Name : $"{order.Quantity} × {offer.Name}", order.CustomerEmail, order.CustomerName,
            Presentation.Embedded, CaptureLater: false, order.SuccessUrl ?? links.HostedReturn(id), links.Hosted(id), time.GetUtcNow() + Lifetime, metadata);
        return new(id, unit, offer, order, asked);
    }

    private void AddSession(Batch batch, NewSession session, IdempotentCall? call)
    {
        call?.Claim(batch, session.Id);
        session.AddTo(batch, time.GetUtcNow());
    }

    private Response Answer(string sessionId, Money amount, DateTimeOffset expiresAt, Shown shown) => new(
        sessionId, sessionId, (shown.Action as PayerAction.Embed)?.ClientSecret, amount.Minor, amount.Currency.Code, expiresAt, shown.Provider,
        links.Hosted(sessionId));

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
