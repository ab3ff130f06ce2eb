using System.ComponentModel.DataAnnotations;
using Tender.Domain.Amounts;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>POST /api/v1/products: something to sell, with a price in each currency it is sold in.</summary>
internal sealed class CreateProduct(Ids ids, TimeProvider time)
{
    public async Task<Product> RunAsync(TenantDb db, Request request, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        var product = new Product(
            ids.New("prod", db.Tenant.Code), request.Name.Trim(), request.Description?.Trim() ?? "", request.Kind, request.Stock, request.DownloadUrl,
            true, [.. request.Prices.Select(p => new Price(p.Currency.ToLowerInvariant(), p.Amount))], time.GetUtcNow());

        var batch = new Batch().Add("""
            insert into products (id, name, description, kind, stock, test_stock, download_url, created_at, updated_at)
            values (@Id, @Name, @Description, @Kind, @Stock, @Stock, @DownloadUrl, @CreatedAt, @CreatedAt)
            """, new { product.Id, product.Name, product.Description, product.Kind, product.Stock, product.DownloadUrl, product.CreatedAt });
        foreach (var price in product.Prices)
            batch.Add("insert into prices (product_id, currency, amount_minor) values (@Id, @Currency, @Amount)", new { product.Id, price.Currency, price.Amount });

        batch.AddAudit(caller, "product.created", product.Id, new { product.Name, product.Kind });
        call?.ClaimAnswered(batch, product.Id, StatusCodes.Status201Created, product);
        await db.WriteAsync(batch, cancellation);
        return product;
    }

    /// <param name="Kind">ticket, download or service: what a payer gets.</param>
    /// <param name="Stock">How many there are, in each mode; as many as asked for when missing.</param>
    /// <param name="DownloadUrl">Where a download lies; payers reach it only by a signed link.</param>
    public sealed record Request(
        [Required, StringLength(200, MinimumLength = 1), OneLineText] string Name, [Required, OneOf("ticket", "download", "service")] string Kind,
        [Required, MinLength(1), MaxLength(50), OnePriceACurrency] List<PriceRequest> Prices, [Range(0, 10_000_000)] int? Stock,
        [StringLength(5000)] string? Description, [WebAddress] string? DownloadUrl);

    /// <param name="Amount">In the currency's minor unit; 0 is free.</param>
    public sealed record PriceRequest([Required, KnownCurrency] string Currency, [Range(0, AmountMax)] long Amount);

    // Sums of a thousand pieces stay far from overflow, and every provider's own maximum is lower.
    private const long AmountMax = 1_000_000_000_000;
}

/// <summary>Each currency at most once.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OnePriceACurrencyAttribute() : ValidationAttribute("A price each, and each currency at most once.")
{
    public override bool IsValid(object? value) => value is not List<CreateProduct.PriceRequest> prices ||
        (prices.TrueForAll(p => p is not null) && prices.DistinctBy(p => p.Currency?.ToLowerInvariant()).Count() == prices.Count);
}

/// <summary>Something that is sold.</summary>
/// <param name="Kind">What a payer gets.</param>
/// <param name="Stock">How many are left in the caller's mode; null when they are not counted.</param>
/// <param name="IsActive">False once it is off sale.</param>
internal sealed record Product(
    string Id, string Name, string Description, [AllowedValues("ticket", "download", "service")] string Kind, int? Stock, string? DownloadUrl, bool IsActive, IReadOnlyList<Price> Prices, DateTimeOffset CreatedAt);

/// <summary>What it costs in one currency.</summary>
/// <param name="Currency">A lower-case ISO 4217 code, or btc.</param>
/// <param name="Amount">In the currency's minor unit; 0 is free.</param>
internal sealed record Price(string Currency, long Amount)
{
    public Money ToMoney() => new(Amount, Domain.Amounts.Currency.Of(Currency));
}
