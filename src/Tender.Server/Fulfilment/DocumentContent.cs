using System.Text.Json;
using Tender.Domain.Amounts;

namespace Tender.Server.Fulfilment;

/// <summary>What a document says, as it was on the day: kept with it, so that a seller who moves does not move old invoices.</summary>
/// <param name="Credits">The invoice a credit note belongs to.</param>
/// <param name="Refund">The refund a credit note was written for.</param>
internal sealed record DocumentContent(
    DocumentContent.Party Seller, DocumentContent.Person Buyer, IReadOnlyList<DocumentContent.Line> Lines, string Currency, int Exponent,
    long Gross, long Net, long Tax, decimal TaxPercent, string PaidWith, string Mode, string? Credits = null,
    string? Refund = null)
{
    public bool IsTest => Mode is "test";

    public static DocumentContent Parse(string json) =>
        JsonSerializer.Deserialize<DocumentContent>(json, JsonSerializerOptions.Web) ?? throw new JsonException("a document without content");

    /// <summary>A sum as people read it: 12 000.00, by the exponent of the day.</summary>
    public string Written(long minor)
    {
        var text = new Money(minor, Domain.Amounts.Currency.Of(Currency)).ToMajorText();
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        for (var i = whole.Length - 3; i > (whole[0] is '-' ? 1 : 0); i -= 3) whole = whole.Insert(i, " ");
        return point < 0 ? whole : whole + text[point..];
    }

    internal sealed record Party(string Name, string Address, string TaxId, string Email);

    internal sealed record Person(string Name, string Email);

    internal sealed record Line(string Product, int Quantity, long Unit, long Amount);
}

/// <summary>An invoice or a credit note, as stored.</summary>
internal sealed record StoredDocument(string Id, string Kind, string NumberText, string PaymentId, DateTimeOffset CreatedAt, DocumentContent Content)
{
    public bool IsCreditNote => Kind is "credit_note";
}

/// <summary>A ticket, as stored, with the seller of its sale's invoice.</summary>
internal sealed record StoredTicket(
    string Id, string PaymentId, string ProductName, string HolderName, string HolderEmail, int Seq, int Of, string Code, DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt, DocumentContent Sale);
