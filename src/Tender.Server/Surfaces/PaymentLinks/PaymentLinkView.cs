using System.ComponentModel.DataAnnotations;
using Tender.Server.Surfaces.Checkout;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>A link as the API shows it.</summary>
/// <param name="Code">What stands in its address; short enough to be typed.</param>
/// <param name="Url">The address to share.</param>
/// <param name="Kind">product, amount or choose.</param>
/// <param name="Amount">The fixed sum, or what one piece of the product costs now, in the currency's minor unit; null when the payer chooses.</param>
/// <param name="Quantity">Of the product; at first, when the payer chooses.</param>
/// <param name="QuantityMax">Null when the quantity is fixed.</param>
/// <param name="Limit">How many times it may be paid; null: as often as anybody wants.</param>
/// <param name="Taken">How many times it is paid, or being paid. More than the limit only when money came for a session that had closed.</param>
/// <param name="IsOpen">False when it was closed by hand.</param>
/// <param name="Status">open, closed, expired, paid_out (as often as it may be) or off_sale (its product is archived, or has no price in the currency any more).</param>
internal sealed record PaymentLinkView(
    string Id, string Code, string Url, [AllowedValues("test", "live")] string Mode, string Title, string Description, [AllowedValues("product", "amount", "choose")] string Kind,
    string? ProductId, string Currency, long? Amount, long? AmountMin, long? AmountMax, IReadOnlyList<long> SuggestedAmounts, int Quantity, int? QuantityMax, int? Limit, int Taken,
    DateTimeOffset? ExpiresAt, bool IsOpen, [AllowedValues("open", "closed", "expired", "paid_out", "off_sale")] string Status, LinkStatistics Statistics, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static PaymentLinkView Of(PaymentLink link, CheckoutLinks links, DateTimeOffset now) => new(
        link.Id, link.Code, links.Shared(link.Code), link.Mode, link.Title, link.Description, link.Kind, link.ProductId, link.Currency, link.UnitMinor, link.AmountMin, link.AmountMax,
        link.Suggested, link.Quantity, link.QuantityMax, link.Limit, link.Taken, link.ExpiresAt, link.IsOpen, link.StatusAt(now),
        new(link.Visits, link.Started, link.Paid, link.PaidMinor, link.Conversion), link.CreatedAt, link.UpdatedAt);
}

/// <summary>How a link goes, since it was made.</summary>
/// <param name="Visits">How often its page was opened; a few seconds behind.</param>
/// <param name="Started">How often somebody went on to pay.</param>
/// <param name="Volume">What was paid, in the currency's minor unit; what went back is not taken off.</param>
/// <param name="Conversion">paid ÷ visits; null before the first visit.</param>
internal sealed record LinkStatistics(long Visits, long Started, long Paid, long Volume, double? Conversion);
