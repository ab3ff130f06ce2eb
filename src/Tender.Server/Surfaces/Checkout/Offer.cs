using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>What a session sells: a product at its price of the moment, or a sum under a title.</summary>
/// <param name="ProductId">Null for a sum.</param>
/// <param name="Kind">ticket, download or service: what the payer gets.</param>
/// <param name="UnitMinor">Null when the product has no price in this currency.</param>
internal sealed record Offer(string? ProductId, string Name, string Kind, bool HasStock, string Currency, long? UnitMinor)
{
    /// <summary>A sum; the invoice has the title as its line.</summary>
    public static Offer OfSum(string title, Money sum) => new(null, title, "service", false, sum.Currency.Code, sum.Minor);

    /// <summary>Null when there is no such product, or it is not sold any more.</summary>
    /// <param name="currency">The tenant's own when missing.</param>
    public static async Task<Offer?> OfProductAsync(TenantDb db, string productId, string? currency, Mode mode, CancellationToken cancellation)
    {
        var product = await db.QuerySingleOrDefaultAsync<Row>("""
            select p.name, p.kind, case when @IsLive then p.stock else p.test_stock end is not null as has_stock, r.amount_minor as unit_minor
            from products p left join prices r on r.product_id = p.id and r.currency = @Currency
            where p.id = @productId and p.is_active
            """, new { productId, Currency = Of(db, currency), IsLive = mode is Mode.Live }, cancellation);
        return product is null ? null : new(productId, product.Name, product.Kind, product.HasStock, Of(db, currency), product.UnitMinor);
    }

    private static string Of(TenantDb db, string? currency) => (currency ?? db.Tenant.Currency).ToLowerInvariant();

    private sealed record Row(string Name, string Kind, bool HasStock, long? UnitMinor);
}

/// <summary>Who buys how much of it, and where the offer stood.</summary>
/// <param name="LinkId">The payment link that it came by; null for a merchant's own site.</param>
internal sealed record Order(
    Mode Mode, int Quantity, string CustomerEmail, string? CustomerName, string? SuccessUrl, IReadOnlyDictionary<string, string> Metadata, string? LinkId = null);
