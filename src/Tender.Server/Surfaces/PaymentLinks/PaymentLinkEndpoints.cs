using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Surfaces.Checkout;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>The calls about links; whoever pays by one needs none of them.</summary>
internal static class PaymentLinkEndpoints
{
    /// <summary>Makes a payment link.</summary>
    /// <remarks>Share url. A product at its price, a fixed sum, or a sum that the payer chooses; in the mode of the caller.</remarks>
    public static async Task<IResult> CreateAsync(
        CreatePaymentLink.Request request, CreatePaymentLink create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation) switch
        {
            CreatePaymentLink.Outcome.Created { Link: var link } => Results.Created($"/api/payment-links/{link.Id}", link),
            CreatePaymentLink.Outcome.UnknownProduct => Problem.Impossible("unknown_product", "There is no such product, or it is not sold any more.", "productId"),
            CreatePaymentLink.Outcome.NoPrice { Currency: var currency } => Problem.Impossible("no_price", $"The product has no price in {currency.ToUpperInvariant()}.", "currency"),
            CreatePaymentLink.Outcome.NothingToPay => Problem.Impossible("nothing_to_pay", "The product is free; there is nothing to pay.", "productId"),
            CreatePaymentLink.Outcome.Contradiction { Field: var field, Why: var why } => Problem.Impossible("link_contradiction", why, field),
            var other => throw new Domain.BrokenRuleException($"no answer to {other.GetType().Name}"),
        };

    /// <summary>Lists payment links.</summary>
    /// <remarks>Newest first, by cursor, with how each goes.</remarks>
    /// <param name="limit">How many; 20 when missing.</param>
    /// <param name="startingAfter">The last id of the page before.</param>
    public static async Task<IResult> ListAsync(
        int? limit, string? startingAfter, TenantDb db, CheckoutLinks links, TimeProvider time, HttpContext context, CancellationToken cancellation)
    {
        if (limit is < 1 or > ReadLinks.LimitMax) return Problem.Invalid("limit", $"1 to {ReadLinks.LimitMax}.");
        var mode = context.Caller().Mode;
        var page = await ReadLinks.ListAsync(db, mode, limit ?? 20, startingAfter, cancellation);
        if (page.Data.Count is 0 && startingAfter is not null && await ReadLinks.OneAsync(db, mode, startingAfter, cancellation) is null) return Problem.Invalid("startingAfter", "is not the id of a payment link");
        return Results.Ok(new Page<PaymentLinkView>([.. page.Data.Select(link => PaymentLinkView.Of(link, links, time.GetUtcNow()))], page.HasMore));
    }

    /// <summary>Reads one payment link.</summary>
    /// <remarks>With how it goes: visits, begun and paid payments, volume.</remarks>
    public static async Task<IResult> ReadAsync(string id, TenantDb db, CheckoutLinks links, TimeProvider time, HttpContext context, CancellationToken cancellation) =>
        await ReadLinks.OneAsync(db, context.Caller().Mode, id, cancellation) is { } link ? Results.Ok(PaymentLinkView.Of(link, links, time.GetUtcNow())) : UnknownLink();

    /// <summary>Changes a payment link.</summary>
    /// <remarks>What is given is changed, the rest stays. What it sells, and for how much, does not change: make another.</remarks>
    public static async Task<IResult> ChangeAsync(
        string id, ChangePaymentLink.Request request, ChangePaymentLink change, TenantDb db, CheckoutLinks links, TimeProvider time, HttpContext context, CancellationToken cancellation) =>
        await change.RunAsync(db, id, request, context.Caller(), cancellation) switch
        {
            ChangePaymentLink.Outcome.Changed { Link: var link } => Results.Ok(PaymentLinkView.Of(link, links, time.GetUtcNow())),
            ChangePaymentLink.Outcome.NotFound => UnknownLink(),
            ChangePaymentLink.Outcome.Contradiction { Field: var field, Why: var why } => Problem.Impossible("link_contradiction", why, field),
            ChangePaymentLink.Outcome.TooFew { Taken: var taken } => Problem.Conflict("limit_too_low", $"{taken} are paid, or being paid, already.").With("taken", taken),
            var other => throw new Domain.BrokenRuleException($"no answer to {other.GetType().Name}"),
        };

    private static Problem UnknownLink() => Problem.NotFound("unknown_payment_link", "There is no such payment link.");
}
