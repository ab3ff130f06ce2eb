using Tender.Domain.Amounts;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>A session that is about to be committed, with the payment it asks for and what it holds meanwhile.</summary>
internal sealed record NewSession(string Id, Money Unit, Offer Offer, Order Order, SumAsked Asked)
{
    public void AddTo(Batch batch, DateTimeOffset now)
    {
        if (Offer.HasStock) HeldStock.AddTaken(batch, Offer.ProductId!, Order);
        if (Order.LinkId is { } link) LinkPlaces.AddTaken(batch, link, now);
        batch.Add("""
            insert into checkout_sessions (id, payment_id, product_id, product_name, product_kind, quantity, unit_minor, amount_minor, currency,
                                           customer_email, customer_name, success_url, created_at, expires_at, stock_held, link_id, place_held)
            values (@Id, @PaymentId, @ProductId, @Name, @Kind, @Quantity, @UnitMinor, @AmountMinor, @Currency,
                    @Email, @CustomerName, @SuccessUrl, @now, @ExpiresAt, @HasStock, @LinkId, @LinkId is not null)
            """, new
        {
            Id,
            Asked.PaymentId,
            Offer.ProductId,
            Offer.Name,
            Offer.Kind,
            Order.Quantity,
            UnitMinor = Unit.Minor,
            AmountMinor = Asked.Amount.Minor,
            Offer.Currency,
            Email = Asked.PayerEmail,
            CustomerName = Asked.PayerName ?? "",
            Order.SuccessUrl,
            now,
            Asked.ExpiresAt,
            Offer.HasStock,
            Order.LinkId,
        });
    }
}
