using Tender.Server.Hosting;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>What of a link goes together: each kind has its own fields, and the least is not more than the most.</summary>
internal static class LinkRules
{
    /// <summary>The first field that does not fit, by its JSON name, and why; null when all do.</summary>
    public static (string Field, string Why)? Wrong(CreatePaymentLink.Request request, DateTimeOffset now) =>
        request.ExpiresAt is { } end && WrongEnd(end, now) is { } late ? ("expiresAt", late) :
        request.Kind switch
        {
            PaymentLink.Product => WrongProduct(request),
            PaymentLink.Amount => request.Amount is null ? ("amount", "A fixed sum needs its amount.") : WrongSum(request),
            _ => request.Amount is not null ? ("amount", "The payer chooses the amount; leave it out.") : WrongSum(request) ?? WrongChoice(request),
        };

    /// <summary>Why a link cannot end then; null when it can.</summary>
    public static string? WrongEnd(DateTimeOffset end, DateTimeOffset now) => end <= now ? "That time is over already." : null;

    private static (string, string)? WrongProduct(CreatePaymentLink.Request request) =>
        string.IsNullOrEmpty(request.ProductId) ? ("productId", "Say which product.") :
        request.Amount is not null ? ("amount", "A product has its own price; leave the amount out.") :
        HasChoice(request) ? ("amountMin", "The payer of a product chooses no amount.") :
        request is { Quantity: not null, QuantityMax: not null } ? ("quantityMax", "Either the quantity is fixed, or the payer chooses up to a maximum.") : null;

    private static (string, string)? WrongSum(CreatePaymentLink.Request request) =>
        request.ProductId is not null ? ("productId", "A sum is no product; leave it out.") :
        request.Quantity is not null || request.QuantityMax is not null ? ("quantity", "A sum has no quantity.") :
        request.Kind is PaymentLink.Amount && HasChoice(request) ? ("amountMin", "The amount is fixed; the payer chooses none.") : null;

    private static (string, string)? WrongChoice(CreatePaymentLink.Request request)
    {
        var (least, most) = (request.AmountMin ?? 1, request.AmountMax ?? SumAttribute.Max);
        return most < least ? ("amountMax", "The most is less than the least.") :
            (request.SuggestedAmounts ?? []).Exists(sum => sum < least || sum > most) ? ("suggestedAmounts", "Suggest nothing below the least or above the most.") : null;
    }

    private static bool HasChoice(CreatePaymentLink.Request request) => request is { AmountMin: not null } or { AmountMax: not null } or { SuggestedAmounts.Count: > 0 };
}
