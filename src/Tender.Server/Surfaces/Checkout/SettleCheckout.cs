using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>A paid session hands out tickets, downloads and its invoice; a closed one gives its held stock back.</summary>
internal sealed class SettleCheckout(FulfilPayment fulfil, ReadPaidWith paidWith, TimeProvider time) : ISettlePurpose
{
    public string Purpose => CheckoutSlice.Purpose;

    public async Task AddPaidAsync(Batch batch, TenantDb db, StoredPayment paid, CancellationToken cancellation)
    {
        var session = await ReadSession.RowAsync(db, paid.Terms.PurposeId!, cancellation) ?? throw new Domain.BrokenRuleException($"payment {paid.Id} has no session");
        fulfil.Add(batch, new(
            db.Tenant, paid.Id, paid.Terms.Mode, paid.Payment.Amount, time.GetUtcNow(), await paidWith.RunAsync(db, paid, cancellation), new(session.CustomerEmail, session.CustomerName),
            [new(session.ProductId, session.ProductName, session.ProductKind, session.Quantity, new(session.UnitMinor, Currency.Of(session.Currency)))]));

        // Money that came after the session had closed: its stock was given back, and is taken again as far as there is any.
        batch.Add("""
            with late as (
              update checkout_sessions set stock_held = true where id = @Id and not stock_held returning product_id, quantity)
            update products set stock = case when @IsLive and stock is not null then greatest(0, stock - late.quantity) else stock end,
                   test_stock = case when not @IsLive and test_stock is not null then greatest(0, test_stock - late.quantity) else test_stock end
            from late where products.id = late.product_id
            """, new { session.Id, IsLive = paid.Terms.Mode is Mode.Live });
    }

    public Task AddTakenBackAsync(Batch batch, TenantDb db, StoredPayment payment, CancellationToken cancellation)
    {
        RevokeFulfilment.Add(batch, payment.Id, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public void AddClosed(Batch batch, StoredPayment closed) => batch.Add("""
        with freed as (
          update checkout_sessions set stock_held = false where id = @PurposeId and stock_held returning product_id, quantity)
        update products set stock = case when @IsLive then stock + freed.quantity else stock end,
               test_stock = case when @IsLive then test_stock else test_stock + freed.quantity end
        from freed where products.id = freed.product_id
        """, new { closed.Terms.PurposeId, IsLive = closed.Terms.Mode is Mode.Live });
}
