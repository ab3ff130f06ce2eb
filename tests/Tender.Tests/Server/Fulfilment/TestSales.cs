using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Fulfilment;

/// <summary>Paid payments to be handed out, in a tenant's real database.</summary>
internal static class TestSales
{
    public static async Task<TenantDb> NewTenantAsync(OwnerDb? owner = null, string? code = null) =>
        await TestDatabases.NewTenantAsync(owner ?? await TestDatabases.NewOwnerAsync(), code ?? Ids.NewTenantCode());

    public static async Task<Sale> PaidAsync(
        TenantDb db, Ids ids, int quantity = 1, long unitMinor = 4900, string? email = "bea@example.com", string kind = "ticket", string? downloadUrl = null)
    {
        var paid = new Money(unitMinor * quantity, Currency.Of("eur"));
        var id = ids.New("pay", db.Tenant.Code);
        var product = ids.New("prd", db.Tenant.Code);
        var batch = new Batch()
            .Add("insert into products (id, name, kind, download_url) values (@product, 'Festival ticket', @kind, @downloadUrl)", new { product, kind, downloadUrl })
            .Add("""
                insert into payments (id, mode, amount_minor, received_minor, currency, status, purpose, presentation, created_at, expires_at)
                values (@id, 'live', @Minor, @Minor, 'eur', 'succeeded', 'checkout', 'embedded', @Noon, @Noon)
                """, new { id, paid.Minor, TestClock.Noon });
        await db.WriteAsync(batch, default);
        return new(db.Tenant, id, Mode.Live, paid, TestClock.Noon, "Stripe", new(email, "Bea Müller"),
            [new(product, "Festival ticket", kind, quantity, new(unitMinor, paid.Currency))]);
    }

    public static Task SettleAsync(TenantDb db, Sale sale, Ids ids)
    {
        var batch = new Batch();
        new FulfilPayment(ids).Add(batch, sale);
        return db.WriteAsync(batch, default);
    }

    public static Task SellerAsync(TenantDb db, decimal taxPercent = 19) => db.ExecuteAsync(
        "insert into seller (name, address, tax_id, tax_percent) values ('Acme Festivals GmbH', 'Hauptstr. 1', 'DE123456789', @taxPercent)", new { taxPercent }, default);
}
