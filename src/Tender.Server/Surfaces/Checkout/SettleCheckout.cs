using Tender.Domain.Amounts;
using Tender.Server.Fulfilment;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>A paid session hands out tickets, downloads and its invoice; a closed one gives what it held back.</summary>
internal sealed class SettleCheckout(FulfilPayment fulfil, ReadPaidWith paidWith, TimeProvider time) : ISettlePurpose
{
    public string Purpose => CheckoutSlice.Purpose;

    public async Task AddPaidAsync(Batch batch, TenantDb db, StoredPayment paid, CancellationToken cancellation)
    {
        var session = await ReadSession.RowAsync(db, paid.Terms.PurposeId!, cancellation) ?? throw new Domain.BrokenRuleException($"payment {paid.Id} has no session");
        fulfil.Add(batch, new(
            db.Tenant, paid.Id, paid.Terms.Mode, paid.Payment.Amount, time.GetUtcNow(), await paidWith.RunAsync(db, paid, cancellation), new(session.CustomerEmail, session.CustomerName),
            [new(session.ProductId, session.ProductName, session.ProductKind, session.Quantity, new(session.UnitMinor, Currency.Of(session.Currency)))]));

        // Money that came after the session had closed: what it held was given back, and is taken again.
        HeldStock.AddTakenLate(batch, session.Id, paid.Terms.Mode);
        if (session.LinkId is { } link) LinkPlaces.AddPaid(batch, link, session.Id, paid.Payment.Amount, time.GetUtcNow());
    }

    public Task AddTakenBackAsync(Batch batch, TenantDb db, StoredPayment payment, CancellationToken cancellation)
    {
        RevokeFulfilment.Add(batch, payment.Id, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public void AddClosed(Batch batch, StoredPayment closed)
    {
        HeldStock.AddFreed(batch, closed.Terms.PurposeId!, closed.Terms.Mode);
        LinkPlaces.AddFreed(batch, closed.Terms.PurposeId!);
    }
}
