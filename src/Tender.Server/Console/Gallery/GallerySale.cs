namespace Tender.Server.Console.Gallery;

/// <summary>A payment as the gallery's tables show it, with the values that break tables.</summary>
public sealed record GallerySale(string Id, long AmountMinor, string Currency, string Status, string Payer, string Provider, TimeSpan Ago)
{
    /// <summary>Ordinary, zero, huge, long, right to left, and hostile.</summary>
    public static readonly IReadOnlyList<GallerySale> Some =
    [
        new("pay_k3f9x2_01jdc4w8e2", 4_900, "usd", "succeeded", "bea@example.com", "Stripe", TimeSpan.FromSeconds(30)),
        new("pay_k3f9x2_01jdc4w8e3", 2_100, "btc", "succeeded", "“great set!”", "Coinos", TimeSpan.FromMinutes(9)),
        new("pay_k3f9x2_01jdc4w8e4", 1_200_000, "ngn", "processing", "", "Paystack", TimeSpan.FromMinutes(14)),
        new("pay_k3f9x2_01jdc4w8e5", 12_000, "usd", "underpaid", "carla@example.org", "Stripe", TimeSpan.FromMinutes(51)),
        new("pay_k3f9x2_01jdc4w8e6", 150_000, "jpy", "failed", "日本太郎 <taro@example.jp>", "Stripe", TimeSpan.FromHours(3)),
        new("pay_k3f9x2_01jdc4w8e7", 999_999_999_999_99, "idr", "awaiting_payer", "finance+very.long.address.for.receipts@subsidiary.of.a.holding.example.com", "Flutterwave", TimeSpan.FromHours(22)),
        new("pay_k3f9x2_01jdc4w8e8", 0, "eur", "canceled", "<script>alert(1)</script>", "Stripe", TimeSpan.FromHours(26)),
        new("pay_k3f9x2_01jdc4w8e9", 12_345, "kwd", "refunded", "مريم الفيلسوفة", "PayPal", TimeSpan.FromDays(12)),
        new("pay_k3f9x2_01jdc4w8ea", 1_999, "eur", "expired", "dan@example.net", "Stripe", TimeSpan.FromDays(400)),
    ];
}
