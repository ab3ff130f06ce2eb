using Tender.Server.Fulfilment;

namespace Tender.Tests.Server.Fulfilment.Papers;

/// <summary>Documents as they may be stored: the everyday one, and those that strain the paper.</summary>
internal static class Samples
{
    public const string LongName =
        "Große Jahreshauptversammlung der internationalen Vereinigung für Grenzüberschreitende Musikveranstaltungen und Zwischentöne mit Orchester";

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static DocumentContent Content(string currency = "eur", int exponent = 2, int lines = 1, long unit = 4900, string mode = "live", decimal tax = 19) => new(
        new("Acme Festivals GmbH", "Hauptstraße 12\n10115 Berlin\nGermany", "DE123456789", "tickets@acme.example"),
        new("Bea Müller", "bea@example.com"),
        [.. Enumerable.Range(1, lines).Select(n => new DocumentContent.Line(n is 1 ? "Festival ticket, three days" : $"Workshop {n}: {LongName[..(n * 7 % 90 + 10)]}", 2, unit, unit * 2))],
        currency, exponent, unit * 2 * lines, unit * 2 * lines - unit * 2 * lines / 5, unit * 2 * lines / 5, tax, "Stripe", mode);

    public static StoredDocument Invoice(DocumentContent? content = null) =>
        new("inv_k3f9x2_01jd0000000000000000000000", "invoice", "INV-000042", "pay_k3f9x2_01jd0000000000000000000000", Noon, content ?? Content());

    public static StoredTicket Ticket(int seq = 1, int of = 3, string product = "Festival ticket, three days", string holder = "Bea Müller", DocumentContent? sale = null) =>
        new($"tkt_k3f9x2_01jd000000000000000000000{seq}", "pay_k3f9x2_01jd0000000000000000000000", product, holder, "bea@example.com", seq, of, $"7Q2MZK0V4TJH9XWRB5D{seq}", Noon, null, sale ?? Content());
}
