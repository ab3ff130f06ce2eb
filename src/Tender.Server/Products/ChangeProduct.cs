using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>Another name, description, price, or stock of the caller's mode. What is being paid already keeps the price it was asked at; what it is stays.</summary>
internal sealed class ChangeProduct(TimeProvider time)
{
    /// <summary>The product as it is now; null when there is no such.</summary>
    /// <param name="stockShown">The stock that the person saw: sales meanwhile are not undone when it was left as it was.</param>
    public async Task<Product?> RunAsync(TenantDb db, string id, CreateProduct.Request request, int? stockShown, Caller caller, CancellationToken cancellation)
    {
        if (await ReadProducts.OneAsync(db, caller.Mode, id, cancellation) is not { } before) return null;
        // Who counts anew has counted what was sold twice, too: nothing is owed any more.
        var batch = new Batch().Add("""
            update products set name = @Name, description = @Description, download_url = @DownloadUrl, updated_at = @Now,
                   stock = case when @IsStockChanged and @IsLive then @Stock else stock end,
                   stock_owed = case when @IsStockChanged and @IsLive then 0 else stock_owed end,
                   test_stock = case when @IsStockChanged and not @IsLive then @Stock else test_stock end,
                   test_stock_owed = case when @IsStockChanged and not @IsLive then 0 else test_stock_owed end
            where id = @id
            """, new
        {
            id,
            Name = request.Name.Trim(),
            Description = request.Description?.Trim() ?? "",
            request.DownloadUrl,
            Now = time.GetUtcNow(),
            request.Stock,
            IsStockChanged = request.Stock != stockShown,
            IsLive = caller.Mode is Mode.Live,
        });
        batch.Add("delete from prices where product_id = @id and currency <> all(@Kept)", new { id, Kept = request.Prices.Select(price => price.Currency.ToLowerInvariant()).ToArray() });
        foreach (var price in request.Prices)
        {
            batch.Add("""
                insert into prices (product_id, currency, amount_minor) values (@id, @Currency, @Amount)
                on conflict (product_id, currency) do update set amount_minor = excluded.amount_minor
                """, new { id, Currency = price.Currency.ToLowerInvariant(), price.Amount });
        }

        batch.AddAudit(caller, "product.changed", id, new { from = new { before.Name, before.Prices }, to = new { Name = request.Name.Trim(), request.Prices } });
        await db.WriteAsync(batch, cancellation);
        return await ReadProducts.OneAsync(db, caller.Mode, id, cancellation);
    }
}
