using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Surfaces.Checkout;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>
/// A link's form becomes a checkout session like any other. The same form sent twice leads to the same session; another order of the
/// same browser closes the one before, so that nobody holds two places or pays twice.
/// </summary>
internal sealed class PayByLink(CreateCheckoutSession create, CancelPayment cancel, FindLink find, TimeProvider time)
{
    // More than anybody turns from one order to another and back.
    private const int TurnsMax = 20;

    /// <param name="formToken">Of the form as it was shown; each showing has its own.</param>
    /// <param name="sessionBefore">What this browser was led to last; it is compared, never believed.</param>
    public async Task<Outcome> RunAsync(FindLink.Found found, TypedOrder typed, string formToken, string? sessionBefore, CancellationToken cancellation)
    {
        var (quantity, sum, wrong) = typed.Read(found.Link);
        if (wrong.Count > 0) return new Outcome.Wrong(wrong);
        var (call, made) = await CallAsync(found, typed, formToken, cancellation);
        if (made is not null) return new Outcome.Session(made);

        var order = new Order(Words.Parse<Mode>(found.Link.Mode), quantity, typed.Email, typed.Name.Length is 0 ? null : typed.Name, SuccessUrl: null, new Dictionary<string, string>(), found.Link.Id);
        if (await OpenBeforeAsync(found, sessionBefore, cancellation) is { } before)
        {
            if (before.Is(order, sum)) return new Outcome.Session(before.Id);
            if (await CloseAsync(found, before, order.Mode, cancellation) is { } instead) return instead;
            found = await find.RunAsync(found.Link.Code, cancellation) ?? found;
        }

        return found.Why is { } why ? new Outcome.Stopped(why) : await StartAsync(found, order, sum, call, cancellation);
    }

    /// <summary>Whether what holds a link up is this browser's own session, which its next order replaces.</summary>
    public async Task<bool> IsOwnHoldAsync(FindLink.Found found, string? sessionBefore, CancellationToken cancellation) =>
        found.Why is { Status: 409 } && await OpenBeforeAsync(found, sessionBefore, cancellation) is not null;

    // Null once it is closed. One that turns out to be paid is what the payer is shown; one that cannot be asked about must not stand beside another.
    private async Task<Outcome?> CloseAsync(FindLink.Found found, Before before, Mode mode, CancellationToken cancellation) =>
        await cancel.RunAsync(found.Db, before.PaymentId, new($"payer:{before.PaymentId}", found.Db.Tenant.Code, mode, Callers.None), cancellation) switch
        {
            CancelPayment.Outcome.Closed { Status: PaymentStatus.Succeeded or PaymentStatus.Processing } => new Outcome.Session(before.Id),
            CancelPayment.Outcome.NotReached => new Outcome.NotNow("The payment provider does not answer, so it is not known how your order before stands. Try again in a moment."),
            _ => null,
        };

    private async Task<Outcome> StartAsync(FindLink.Found found, Order order, Money? sum, IdempotentCall call, CancellationToken cancellation)
    {
        var (db, link) = (found.Db, found.Link);
        var offer = link.ProductId is { } product ? await Offer.OfProductAsync(db, product, link.Currency, order.Mode, cancellation) : Offer.OfSum(link.Title, sum!.Value);
        if (offer is null) return new Outcome.Stopped(Gone);
        try
        {
            var outcome = await create.RunAsync(db, offer, order, call, cancellation);
            // What came to nothing must not be what the same form leads to the next time.
            if (call.IsClaimed && outcome is not CreateCheckoutSession.Outcome.Created) await call.ReleaseAsync(db, cancellation);
            return OutcomeOf(outcome);
        }
        catch (PostgresException e) when (Idempotency.IsKeyTaken(e))
        {
            // The twin may have come to nothing meanwhile.
            return await MadeAsync(db, call, cancellation) is { } twin ? new Outcome.Session(twin) : new Outcome.NotNow("The payment could not be begun. Nothing was charged. Try again.");
        }
    }

    private static Outcome OutcomeOf(CreateCheckoutSession.Outcome outcome) => outcome switch
    {
        CreateCheckoutSession.Outcome.Created { Session: var session } => new Outcome.Session(session.Id),
        CreateCheckoutSession.Outcome.NoPlace => new Outcome.Stopped(FindLink.Stop.Held),
        CreateCheckoutSession.Outcome.SoldOut => new Outcome.Wrong(new Dictionary<string, string>(StringComparer.Ordinal) { ["quantity"] = "Fewer are left than that." }),
        CreateCheckoutSession.Outcome.NotStarted { Why: Started.NothingServes } => new Outcome.NotNow("The seller cannot take this payment at the moment: no payment provider serves it. Nothing was charged."),
        CreateCheckoutSession.Outcome.NotStarted { Why: Started.Refused } => new Outcome.NotNow("The payment provider does not take this payment. Nothing was charged. Try again, or tell the seller."),
        CreateCheckoutSession.Outcome.NotStarted => new Outcome.NotNow("The payment provider does not answer. Nothing was charged. Try again in a moment."),
        _ => new Outcome.Stopped(Gone),
    };

    private static readonly FindLink.Stop Gone = new(410, "This is not sold any more", "Ask the seller for another link.");

    private static async Task<Before?> OpenBeforeAsync(FindLink.Found found, string? sessionBefore, CancellationToken cancellation) =>
        Ids.TenantOf(sessionBefore) != found.Db.Tenant.Code ? null : await found.Db.QuerySingleOrDefaultAsync<Before>("""
            select s.id, s.payment_id, s.quantity, s.unit_minor, s.customer_email, s.customer_name
            from checkout_sessions s join payments p on p.id = s.payment_id
            where s.id = @sessionBefore and s.link_id = @Id and p.status in ('created', 'awaiting_payer')
            """, new { sessionBefore, found.Link.Id }, cancellation);

    // The same order of the same form is the same call, until what came of it is closed: whoever went on to another order and comes back begins anew.
    private async Task<(IdempotentCall Call, string? Made)> CallAsync(FindLink.Found found, TypedOrder typed, string formToken, CancellationToken cancellation)
    {
        var order = typed.Fingerprint();
        for (var turn = 1; ; turn++)
        {
            var call = new IdempotentCall($"link {found.Link.Id}", $"{formToken}:{Convert.ToHexStringLower(order)}:{turn}", order, resumes: null, time);
            var made = await MadeAsync(found.Db, call, cancellation);
            if (made is null || turn is TurnsMax || !await IsClosedAsync(found.Db, made, cancellation)) return (call, made);
        }
    }

    private static Task<bool> IsClosedAsync(TenantDb db, string sessionId, CancellationToken cancellation) => db.QuerySingleOrDefaultAsync<bool>(
        "select p.status in ('canceled', 'expired', 'failed') from checkout_sessions s join payments p on p.id = s.payment_id where s.id = @sessionId", new { sessionId }, cancellation);

    private static Task<string?> MadeAsync(TenantDb db, IdempotentCall call, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<string>("select subject_id from idempotency_keys where call = @Name and key = @Key", new { call.Name, call.Key }, cancellation);

    private sealed record Before(string Id, string PaymentId, int Quantity, long UnitMinor, string CustomerEmail, string CustomerName)
    {
        public bool Is(Order order, Money? unit) =>
            Quantity == order.Quantity && UnitMinor == unit?.Minor && CustomerEmail == order.CustomerEmail && CustomerName == (order.CustomerName ?? "");
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <summary>The payer goes on to its page.</summary>
        public sealed record Session(string Id) : Outcome;

        /// <summary>By field, in the words of the page.</summary>
        public sealed record Wrong(IReadOnlyDictionary<string, string> Fields) : Outcome;

        /// <summary>Nobody can pay by the link now.</summary>
        public sealed record Stopped(FindLink.Stop Why) : Outcome;

        /// <summary>Nobody could be asked for the sum; it may be tried again.</summary>
        public sealed record NotNow(string Says) : Outcome;
    }
}
