using System.Text.Json;
using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Fulfilment;

public sealed class FulfilPaymentTests
{
    private readonly Ids ids = new(TimeProvider.System);

    [Fact]
    public async Task A_sale_makes_a_customer_tickets_and_an_invoice()
    {
        var db = await TestSales.NewTenantAsync();
        await SellerAsync(db, taxPercent: 19);
        var sale = await PaidAsync(db, quantity: 3, unitMinor: 1999);

        await SettleAsync(db, sale);

        var given = await ReadFulfilment.RunAsync(db, sale.PaymentId, default);
        given.TicketIds.Count.ShouldBe(3);
        given.IsRevoked.ShouldBeFalse();
        var tickets = await db.QueryAsync<TicketRow>("select seq, of, code, holder_name from tickets order by seq", null, default);
        tickets.Select(t => (t.Seq, t.Of)).ShouldBe([(1, 3), (2, 3), (3, 3)]);
        tickets.Select(t => t.Code).Distinct().Count().ShouldBe(3);
        var content = await ContentAsync(db, given.InvoiceId!);
        content.GetProperty("gross").GetInt64().ShouldBe(5997);
        content.GetProperty("net").GetInt64().ShouldBe(5039);
        content.GetProperty("tax").GetInt64().ShouldBe(958);
        content.GetProperty("seller").GetProperty("taxId").GetString().ShouldBe("DE123456789");
        content.GetProperty("lines")[0].GetProperty("amount").GetInt64().ShouldBe(5997);
    }

    [Fact]
    public async Task Settling_twice_hands_out_one_set_and_takes_one_number()
    {
        var db = await TestSales.NewTenantAsync();
        var sale = await PaidAsync(db, quantity: 2);

        await SettleAsync(db, sale);
        var first = await ReadFulfilment.RunAsync(db, sale.PaymentId, default);
        await SettleAsync(db, sale);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SettleAsync(db, sale)));

        var second = await ReadFulfilment.RunAsync(db, sale.PaymentId, default);
        second.TicketIds.ShouldBe(first.TicketIds);
        second.InvoiceId.ShouldBe(first.InvoiceId);
        (await CountAsync(db, "select count(*) from fulfilments")).ShouldBe(3);
        (await CountAsync(db, "select last from number_series where series = 'invoice'")).ShouldBe(1);
    }

    [Fact]
    public async Task Parallel_sales_are_numbered_without_gaps_even_when_some_are_undone()
    {
        var db = await TestSales.NewTenantAsync();
        var sales = new List<Sale>();
        for (var i = 0; i < 60; i++) sales.Add(await PaidAsync(db, email: $"buyer{i % 7}@example.com"));

        await Parallel.ForEachAsync(sales.Index(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (sale, _) =>
        {
            if (sale.Index % 3 is 0) await UndoneAsync(db, sale.Item);
            else await SettleAsync(db, sale.Item);
        });

        var numbers = await db.QueryAsync<long>("select number from documents where series = 'invoice' order by number", null, default);
        numbers.ShouldBe(Enumerable.Range(1, 40).Select(n => (long)n));
        (await CountAsync(db, "select count(*) from customers")).ShouldBeLessThanOrEqualTo(7);
        (await CountAsync(db, "select count(*) from fulfilments f where customer_id is null")).ShouldBe(0);
        (await CountAsync(db, "select count(*) from tickets t where not exists (select from fulfilments f where f.id = t.fulfilment_id)")).ShouldBe(0);
    }

    [Fact]
    public async Task A_customer_is_found_again_however_the_address_is_typed()
    {
        var db = await TestSales.NewTenantAsync();

        await SettleAsync(db, await PaidAsync(db, email: "Bea@Example.com"));
        await SettleAsync(db, await PaidAsync(db, email: "  bea@example.COM "));

        (await CountAsync(db, "select count(*) from customers")).ShouldBe(1);
    }

    [Fact]
    public async Task Test_payments_take_their_numbers_from_a_series_of_their_own()
    {
        var db = await TestSales.NewTenantAsync();

        await SettleAsync(db, await PaidAsync(db) with { Mode = Mode.Test });
        await SettleAsync(db, await PaidAsync(db));

        var numbers = await db.QueryAsync<string>("select number_text from documents order by series", null, default);
        numbers.ShouldBe(["INV-000001", "TEST-INV-000001"]);
    }

    [Fact]
    public async Task A_name_made_to_break_things_breaks_nothing()
    {
        var db = await TestSales.NewTenantAsync();
        var sale = await PaidAsync(db);

        await SettleAsync(db, sale with { Buyer = new("eve@example.com", "Eve\0\r\nBcc: all@example.com \u202Egnp.exe '; drop table tickets; --") });

        var name = (await db.QueryAsync<string>("select holder_name from tickets", null, default)).Single();
        name.ShouldBe("Eve Bcc: all@example.com gnp.exe '; drop table tickets; --");
    }

    [Fact]
    public async Task A_sale_without_an_address_or_a_seller_still_hands_out()
    {
        var db = await TestSales.NewTenantAsync();
        var sale = await PaidAsync(db) with { Buyer = new(null, "") };

        await SettleAsync(db, sale);

        var given = await ReadFulfilment.RunAsync(db, sale.PaymentId, default);
        (await ContentAsync(db, given.InvoiceId!)).GetProperty("seller").GetProperty("name").GetString().ShouldBe(db.Tenant.Name);
        (await CountAsync(db, "select count(*) from customers")).ShouldBe(0);
    }

    [Fact]
    public async Task Revoking_takes_tickets_back_and_leaves_the_invoice()
    {
        var db = await TestSales.NewTenantAsync();
        var sale = await PaidAsync(db, quantity: 2);
        await SettleAsync(db, sale);

        var batch = new Batch();
        RevokeFulfilment.Add(batch, sale.PaymentId, TestClock.Noon);
        await db.WriteAsync(batch, default);

        (await ReadFulfilment.RunAsync(db, sale.PaymentId, default)).IsRevoked.ShouldBeTrue();
        (await CountAsync(db, "select count(*) from tickets where revoked_at is not null")).ShouldBe(2);
        (await CountAsync(db, "select count(*) from fulfilments where kind = 'invoice' and revoked_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task Credit_notes_together_undo_the_invoice_to_the_last_minor_unit()
    {
        var db = await TestSales.NewTenantAsync();
        await SellerAsync(db, taxPercent: 7.7m);
        var sale = await PaidAsync(db, quantity: 1, unitMinor: 1000);
        await SettleAsync(db, sale);

        foreach (var (refund, minor) in new[] { ("ref_1", 333L), ("ref_2", 333L), ("ref_2", 333L), ("ref_3", 334L) })
        {
            var batch = new Batch();
            new CreditRefund(ids).Add(batch, sale.PaymentId, refund, Mode.Live, new(minor, Currency.Of("eur")), TestClock.Noon);
            await db.WriteAsync(batch, default);
        }

        var given = await ReadFulfilment.RunAsync(db, sale.PaymentId, default);
        given.CreditNoteIds.Count.ShouldBe(3);
        var credits = await db.QueryAsync<string>("select number_text from documents where kind = 'credit_note' order by number", null, default);
        credits.ShouldBe(["CN-000001", "CN-000002", "CN-000003"]);
        foreach (var field in new[] { "net", "tax", "gross" })
        {
            (await CountAsync(db, $"select sum((content->>'{field}')::bigint * case kind when 'invoice' then 1 else -1 end)::bigint from documents")).ShouldBe(0, field);
        }
    }

    [Fact]
    public async Task A_refund_of_a_payment_without_invoice_takes_no_number()
    {
        var db = await TestSales.NewTenantAsync();
        var sale = await PaidAsync(db);

        var batch = new Batch();
        new CreditRefund(ids).Add(batch, sale.PaymentId, "ref_1", Mode.Live, sale.Paid, TestClock.Noon);
        await db.WriteAsync(batch, default);

        (await CountAsync(db, "select count(*) from number_series")).ShouldBe(0);
    }

    [Fact]
    public async Task Net_is_rounded_half_to_even_for_every_small_sum_and_rate()
    {
        var db = await TestSales.NewTenantAsync();

        foreach (var percent in new[] { 0m, 5m, 7.7m, 19m, 25m, 100m, 300m, 8.875m })
        {
            var nets = await db.QueryAsync<long>("select net_of(g, @percent) from generate_series(1::bigint, 500) g order by g", new { percent }, default);
            nets.ShouldBe(Enumerable.Range(1, 500).Select(gross => (long)Math.Round(gross * 100 / (100 + percent), MidpointRounding.ToEven)), $"{percent} %");
        }

        var largest = await CountAsync(db, "select net_of(9223372036854775807, 0)");
        largest.ShouldBe(long.MaxValue);
    }

    private Task SettleAsync(TenantDb db, Sale sale) => TestSales.SettleAsync(db, sale, ids);

    private async Task UndoneAsync(TenantDb db, Sale sale)
    {
        var batch = new Batch();
        new FulfilPayment(ids).Add(batch, sale);
        batch.Add("select 1 / 0");
        await Should.ThrowAsync<PostgresException>(() => db.WriteAsync(batch, default));
    }

    private Task<Sale> PaidAsync(TenantDb db, int quantity = 1, long unitMinor = 4900, string email = "bea@example.com") =>
        TestSales.PaidAsync(db, ids, quantity, unitMinor, email);

    private static Task SellerAsync(TenantDb db, decimal taxPercent) => TestSales.SellerAsync(db, taxPercent);

    private static Task<long> CountAsync(TenantDb db, string sql) => db.QuerySingleOrDefaultAsync<long>(sql, null, default);

    private static async Task<JsonElement> ContentAsync(TenantDb db, string documentId) =>
        JsonDocument.Parse((await db.QuerySingleOrDefaultAsync<string>("select content::text from documents where id = @documentId", new { documentId }, default))!).RootElement;

    private sealed record TicketRow(int Seq, int Of, string Code, string HolderName);
}
