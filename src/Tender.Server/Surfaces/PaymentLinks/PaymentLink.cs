using Tender.Domain.Amounts;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>A link as it lies in the tenant's database, with what its product costs at the moment and how it went so far.</summary>
/// <param name="UnitMinor">The product's price, or the fixed sum; null when the payer chooses, and when the product has no price any more.</param>
/// <param name="IsSold">False when its product is archived.</param>
/// <param name="Stock">Of its product, in the link's mode; null when nobody counts.</param>
/// <param name="QuantityMax">The payer chooses, up to so many; null when <paramref name="Quantity"/> is fixed.</param>
/// <param name="Limit">How many times it may be paid; null: as often as anybody wants.</param>
/// <param name="Taken">How many times it is paid, or being paid.</param>
public sealed record PaymentLink(
    string Id, string Code, string Mode, string Title, string Description, string Kind, string? ProductId, string? ProductName, string Currency, long? UnitMinor, bool IsSold,
    int? Stock, long? AmountMin, long? AmountMax, long[] Suggested, int Quantity, int? QuantityMax, int? Limit, int Taken, DateTimeOffset? ExpiresAt, bool IsOpen,
    long Visits, long Started, long Paid, long PaidMinor, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string Product = "product";
    public const string Amount = "amount";
    public const string Choose = "choose";

    /// <summary>The price of one, or the fixed sum.</summary>
    public Money? Unit => UnitMinor is { } minor ? new(minor, Domain.Amounts.Currency.Of(Currency)) : null;

    /// <summary>Of all visits, how many ended in money; null before the first visit.</summary>
    public double? Conversion => Visits is 0 ? null : Math.Round((double)Paid / Visits, 4);

    /// <summary>Where it stands: open, closed (by hand), expired, paid_out (as often as it may be) or off_sale (its product is).</summary>
    public string StatusAt(DateTimeOffset now) =>
        !IsOpen ? "closed" :
        ExpiresAt <= now ? "expired" :
        Paid >= Limit ? "paid_out" :
        !IsSold || (Kind is not Choose && UnitMinor is null or 0) ? "off_sale" : "open";
}
