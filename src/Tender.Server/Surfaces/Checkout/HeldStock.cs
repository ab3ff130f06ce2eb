using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>A product's stock: taken with the session that offers it, given back when the session ends without money. Each mode counts its own.</summary>
internal static class HeldStock
{
    /// <summary>With fewer left than are asked for, the database refuses the whole batch.</summary>
    public static void AddTaken(Batch batch, string productId, Order order) => batch.Add("""
        update products set stock = case when @IsLive then stock - @Quantity else stock end,
               test_stock = case when @IsLive then test_stock else test_stock - @Quantity end
        where id = @productId
        """, new { order.Quantity, productId, IsLive = order.Mode is Mode.Live });

    /// <summary>
    /// Nothing when the session still holds its own. What others hold by now is owed, and the next that comes free pays it: so that
    /// nothing is sold twice.
    /// </summary>
    public static void AddTakenLate(Batch batch, string sessionId, Mode mode) => batch.Add("""
        with late as (
          update checkout_sessions set stock_held = true where id = @sessionId and not stock_held returning product_id, quantity)
        update products set stock = case when @IsLive and stock is not null then greatest(0, stock - late.quantity) else stock end,
               stock_owed = case when @IsLive and stock is not null then stock_owed + greatest(0, late.quantity - stock) else stock_owed end,
               test_stock = case when not @IsLive and test_stock is not null then greatest(0, test_stock - late.quantity) else test_stock end,
               test_stock_owed = case when not @IsLive and test_stock is not null then test_stock_owed + greatest(0, late.quantity - test_stock) else test_stock_owed end
        from late where products.id = late.product_id
        """, new { sessionId, IsLive = mode is Mode.Live });

    public static void AddFreed(Batch batch, string sessionId, Mode mode) => batch.Add("""
        with freed as (
          update checkout_sessions set stock_held = false where id = @sessionId and stock_held returning product_id, quantity)
        update products set stock = case when @IsLive then stock + greatest(0, freed.quantity - stock_owed) else stock end,
               stock_owed = case when @IsLive then greatest(0, stock_owed - freed.quantity) else stock_owed end,
               test_stock = case when @IsLive then test_stock else test_stock + greatest(0, freed.quantity - test_stock_owed) end,
               test_stock_owed = case when @IsLive then test_stock_owed else greatest(0, test_stock_owed - freed.quantity) end
        from freed where products.id = freed.product_id
        """, new { sessionId, IsLive = mode is Mode.Live });
}
