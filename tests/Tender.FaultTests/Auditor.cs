using System.Text.Json;

namespace Tender.FaultTests;

/// <summary>Compares the provider's books with ours: every cent that moved there is booked here, once, and nothing else.</summary>
internal static class Auditor
{
    public static async Task CompareAsync(Shop shop)
    {
        var theirs = (await shop.LedgerAsync()).EnumerateArrayOrProperty().ToList();
        var (charged, refunded) = (Sum(theirs, "charge"), Sum(theirs, "refund") - Sum(theirs, "refund_failed"));

        (await shop.ReadAsync<long>("select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account like 'provider:%' and movement like '%:paid'"))
            .ShouldBe(charged, "what was charged");
        (await shop.ReadAsync<long>("select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where account = 'refunds'"))
            .ShouldBe(refunded, "what went back");
        (await shop.ReadAsync<long>("select coalesce(sum(amount_minor), 0)::bigint from ledger_entries")).ShouldBe(0, "the books balance");
        (await shop.ReadAsync<long>("""
            select count(*) from payments p where status = 'succeeded' and
              (select count(*) from fulfilments f where f.payment_id = p.id and f.kind = 'invoice') <> 1
            """)).ShouldBe(0, "every paid payment has one invoice");
        (await shop.ReadAsync<long>("select coalesce(max(number), 0) - count(*) from documents where kind = 'invoice'")).ShouldBe(0, "invoice numbers have no gaps");
    }

    private static IEnumerable<JsonElement> EnumerateArrayOrProperty(this JsonElement ledger) =>
        ledger.ValueKind is JsonValueKind.Array ? ledger.EnumerateArray() : ledger.EnumerateObject().First(p => p.Value.ValueKind is JsonValueKind.Array).Value.EnumerateArray();

    private static long Sum(IEnumerable<JsonElement> movements, string kind) =>
        movements.Where(m => m.GetProperty("kind").GetString() == kind).Sum(m => Math.Abs(m.GetProperty("amount").GetInt64()));
}
