using System.ComponentModel.DataAnnotations;
using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Surfaces.Checkout;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>POST /api/payment-links: an address that sells a product or asks for a sum, to whoever has it.</summary>
internal sealed class CreatePaymentLink(CheckoutLinks links, Ids ids, TimeProvider time)
{
    public async Task<Outcome> RunAsync(TenantDb db, Request request, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (LinkRules.Wrong(request, now) is { } wrong) return new Outcome.Contradiction(wrong.Field, wrong.Why);
        var currency = (request.Currency ?? db.Tenant.Currency).ToLowerInvariant();
        Offer? offer = null;
        if (request.ProductId is { } product)
        {
            offer = await Offer.OfProductAsync(db, product, currency, caller.Mode, cancellation);
            if (offer is null) return new Outcome.UnknownProduct();
            if (offer.UnitMinor is null) return new Outcome.NoPrice(currency);
            if (offer.UnitMinor is 0) return new Outcome.NothingToPay();
        }

        var link = NewLink(db, request, caller.Mode, currency, offer, now);
        var view = PaymentLinkView.Of(link, links, now);
        var batch = new Batch();
        Add(batch, link, caller.Actor);
        batch.AddAudit(caller, "payment_link.created", link.Id, new { link.Title, link.Kind, link.Currency, link.UnitMinor, link.Limit, link.ExpiresAt });
        call?.ClaimAnswered(batch, link.Id, StatusCodes.Status201Created, view);
        await db.WriteAsync(batch, cancellation);
        return new Outcome.Created(view);
    }

    private PaymentLink NewLink(TenantDb db, Request request, Mode mode, string currency, Offer? offer, DateTimeOffset now) => new(
        ids.New("link", db.Tenant.Code), LinkCode.New(db.Tenant.Code), mode.ToWord(), request.Title.Trim(), request.Description?.Trim() ?? "", request.Kind, offer?.ProductId, offer?.Name,
        currency, offer?.UnitMinor ?? request.Amount, IsSold: true, Stock: null,
        request.Kind is PaymentLink.Choose ? request.AmountMin ?? 1 : null, request.Kind is PaymentLink.Choose ? request.AmountMax : null,
        [.. (request.SuggestedAmounts ?? []).Distinct()], request.Quantity ?? 1, request.QuantityMax, request.Limit, Taken: 0, request.ExpiresAt?.ToUniversalTime(), IsOpen: true,
        Visits: 0, Started: 0, Paid: 0, PaidMinor: 0, now, now);

    private static void Add(Batch batch, PaymentLink link, string actor) => batch.Add("""
        insert into payment_links (id, code, mode, title, description, kind, product_id, currency, amount_minor, amount_min_minor, amount_max_minor, suggested_minor,
                                   quantity, quantity_max, payments_max, expires_at, created_by, created_at, updated_at)
        values (@Id, @Code, @Mode, @Title, @Description, @Kind, @ProductId, @Currency, case when @Kind = 'amount' then @UnitMinor end, @AmountMin, @AmountMax, @Suggested,
                @Quantity, @QuantityMax, @Limit, @ExpiresAt, @actor, @CreatedAt, @CreatedAt)
        """, new
    {
        link.Id,
        link.Code,
        link.Mode,
        link.Title,
        link.Description,
        link.Kind,
        link.ProductId,
        link.Currency,
        link.UnitMinor,
        link.AmountMin,
        link.AmountMax,
        link.Suggested,
        link.Quantity,
        link.QuantityMax,
        link.Limit,
        link.ExpiresAt,
        actor,
        link.CreatedAt,
    });

    /// <param name="Title">The heading of its page. For a sum also the line of the invoice.</param>
    /// <param name="Kind">product (at its price), amount (a fixed sum) or choose (the payer says how much).</param>
    /// <param name="ProductId">For a product.</param>
    /// <param name="Currency">Lower-case ISO code; the tenant's own when missing. A product needs a price in it.</param>
    /// <param name="Amount">For a fixed sum, in the currency's minor unit.</param>
    /// <param name="AmountMin">The least the payer may choose.</param>
    /// <param name="AmountMax">The most the payer may choose.</param>
    /// <param name="SuggestedAmounts">What the payer is offered first.</param>
    /// <param name="Quantity">Of a product, fixed; 1 when missing.</param>
    /// <param name="QuantityMax">Instead of quantity: the payer chooses, up to so many.</param>
    /// <param name="Limit">How many times it may be paid; as often as anybody wants when missing.</param>
    /// <param name="ExpiresAt">Nobody begins to pay after it.</param>
    public sealed record Request(
        [Required, StringLength(200, MinimumLength = 1), OneLineText] string Title, [Required, OneOf(PaymentLink.Product, PaymentLink.Amount, PaymentLink.Choose)] string Kind,
        [StringLength(2000)] string? Description = null, [StringLength(100)] string? ProductId = null, [KnownCurrency] string? Currency = null, [Sum] long? Amount = null,
        [Sum] long? AmountMin = null, [Sum] long? AmountMax = null, [MaxLength(6)] List<long>? SuggestedAmounts = null, [Range(1, 1000)] int? Quantity = null,
        [Range(2, 1000)] int? QuantityMax = null, [Range(1, 1_000_000)] int? Limit = null, DateTimeOffset? ExpiresAt = null);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Created(PaymentLinkView Link) : Outcome;

        public sealed record UnknownProduct : Outcome;

        public sealed record NoPrice(string Currency) : Outcome;

        public sealed record NothingToPay : Outcome;

        /// <summary>Its fields do not go together.</summary>
        public sealed record Contradiction(string Field, string Why) : Outcome;
    }
}
