using System.Globalization;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>Invoices and credit notes as PDF: who sold what to whom, the tax in it, and that it is paid.</summary>
internal static class InvoicePaper
{
    private const double Right = Sheets.Width - Sheets.Margin;
    private const double QuantityRight = Right - 214;
    private const double UnitRight = Right - 104;
    private const double ItemWidth = QuantityRight - 40 - Sheets.Margin;
    private const double RowLeading = 14;
    private const double Bottom = Sheets.Height - 96;
    private const double TotalsHeight = 128;

    public static byte[] Draw(StoredDocument document)
    {
        var sheets = new Sheets($"{TitleOf(document)} {document.NumberText}", document.Content.Seller.Name, document.CreatedAt);
        sheets.NewPage();
        var y = DrawHead(sheets, document);
        y = DrawColumns(sheets, y);
        foreach (var line in document.Content.Lines)
        {
            var rows = TextLines.Of(line.Product, PaperFonts.Words(10.5), ItemWidth, linesMax: 6);
            if (y + rows.Count * RowLeading + 14 > Bottom) y = Continue(sheets, document);
            y = DrawLine(sheets, document.Content, line, rows, y);
        }

        if (y + TotalsHeight > Bottom) y = Continue(sheets, document, withColumns: false);
        DrawTotals(sheets, document, y);
        sheets.OnEveryPage(number => DrawFoot(sheets, document, number));
        return sheets.ToBytes();
    }

    private static string TitleOf(StoredDocument document) => document.IsCreditNote ? "Credit note" : "Invoice";

    private static double DrawHead(Sheets sheets, StoredDocument document)
    {
        const double half = Sheets.Inner / 2 - 16;
        var content = document.Content;
        sheets.Text(TitleOf(document), PaperFonts.Strong(26), Sheets.Dark, Sheets.Margin, 88);
        sheets.Fitted(document.NumberText, PaperFonts.Exact(12), Sheets.Quiet, Sheets.Margin, 108, half);

        const double column = Sheets.Margin + Sheets.Inner / 2 + 16;
        var y = sheets.Block(content.Seller.Name, PaperFonts.Strong(11), Sheets.Green, column, 80, half, 15, linesMax: 3);
        y = sheets.Block(content.Seller.Address, PaperFonts.Words(9.5), Sheets.Dark, column, y, half, 13, linesMax: 6);
        y = sheets.Block(content.Seller.Email, PaperFonts.Words(9.5), Sheets.Dark, column, y, half, 13, linesMax: 2);
        if (content.Seller.TaxId.Length > 0) y = sheets.Block($"Tax id {content.Seller.TaxId}", PaperFonts.Words(9.5), Sheets.Quiet, column, y, half, 13, linesMax: 2);

        y = Math.Max(y, 124) + 28;
        sheets.Hairline(y - 18);
        var left = DrawBuyer(sheets, content.Buyer, y, half);
        return Math.Max(left, DrawFacts(sheets, document, column, y, half)) + 16;
    }

    private static double DrawBuyer(Sheets sheets, DocumentContent.Person buyer, double y, double width)
    {
        sheets.Text("Billed to", PaperFonts.Words(9), Sheets.Quiet, Sheets.Margin, y);
        y = sheets.Block(buyer.Name, PaperFonts.Strong(11), Sheets.Dark, Sheets.Margin, y + 17, width, 15, linesMax: 4);
        return sheets.Block(buyer.Email, PaperFonts.Words(10), Sheets.Dark, Sheets.Margin, y, width, 14, linesMax: 3);
    }

    private static double DrawFacts(Sheets sheets, StoredDocument document, double x, double y, double width)
    {
        const double labels = 62;
        var facts = new List<(string Label, string Value)> { ("Date", Paper.Day(document.CreatedAt)) };
        if (document.Content.Credits is { } credits) facts.Add(("Credits", credits));
        else if (document.Content.PaidWith.Length > 0) facts.Add(("Paid with", document.Content.PaidWith));
        facts.Add(("Order", document.PaymentId));

        foreach (var (label, value) in facts)
        {
            var font = label is "Order" or "Credits" ? PaperFonts.Exact(9) : PaperFonts.Words(10);
            sheets.Text(label, PaperFonts.Words(9), Sheets.Quiet, x, y);
            sheets.Fitted(value, font, Sheets.Dark, x + labels, y, width - labels);
            y += 17;
        }

        return y;
    }

    private static double DrawColumns(Sheets sheets, double y)
    {
        var font = PaperFonts.Words(9);
        sheets.Text("Item", font, Sheets.Quiet, Sheets.Margin, y);
        sheets.Text("Quantity", font, Sheets.Quiet, QuantityRight, y, Align.Right);
        sheets.Text("Price", font, Sheets.Quiet, UnitRight, y, Align.Right);
        sheets.Text("Amount", font, Sheets.Quiet, Right, y, Align.Right);
        sheets.Rule(y + 8, Sheets.Margin, Right, Sheets.Dark, 0.8);
        return y + 28;
    }

    private static double DrawLine(Sheets sheets, DocumentContent content, DocumentContent.Line line, IReadOnlyList<string> rows, double y)
    {
        sheets.Fitted(line.Quantity.ToString(CultureInfo.InvariantCulture), PaperFonts.Exact(10), Sheets.Dark, QuantityRight, y, 36, Align.Right);
        sheets.Fitted(content.Written(line.Unit), PaperFonts.Exact(10), Sheets.Dark, UnitRight, y, UnitRight - QuantityRight - 12, Align.Right);
        sheets.Fitted(content.Written(line.Amount), PaperFonts.Exact(10), Sheets.Dark, Right, y, Right - UnitRight - 12, Align.Right);
        foreach (var row in rows)
        {
            sheets.Text(row, PaperFonts.Words(10.5), Sheets.Dark, Sheets.Margin, y);
            y += RowLeading;
        }

        sheets.Hairline(y - 4);
        return y + 14;
    }

    private static double Continue(Sheets sheets, StoredDocument document, bool withColumns = true)
    {
        sheets.NewPage();
        sheets.Text($"{TitleOf(document)} {document.NumberText}", PaperFonts.Words(10), Sheets.Quiet, Sheets.Margin, 76);
        return withColumns ? DrawColumns(sheets, 108) : 96;
    }

    private static void DrawTotals(Sheets sheets, StoredDocument document, double y)
    {
        var content = document.Content;
        var percent = content.TaxPercent.ToString("0.###", CultureInfo.InvariantCulture);
        if (content.TaxPercent > 0)
        {
            y = Total(sheets, content, "Net", content.Net, y + 4);
            y = Total(sheets, content, $"Tax {percent} %", content.Tax, y);
        }

        sheets.Rule(y - 2, QuantityRight - 36, Right, Sheets.Dark, 0.8);
        y += 22;
        var code = content.Currency.ToUpperInvariant();
        var codeWidth = PaperFonts.Words(10).WidthOf(code) + 6;
        sheets.Text(document.IsCreditNote ? "Credited" : "Total", PaperFonts.Strong(12), Sheets.Dark, QuantityRight - 36, y);
        sheets.Text(code, PaperFonts.Words(10), Sheets.Quiet, Right, y, Align.Right);
        sheets.Fitted(content.Written(content.Gross), PaperFonts.Exact(16), Sheets.Dark, Right - codeWidth, y, Right - codeWidth - QuantityRight - 30, Align.Right);
        y += 26;
        var says = document.IsCreditNote ? $"Sent back on {Paper.Day(document.CreatedAt)}." : $"Paid in full on {Paper.Day(document.CreatedAt)}. Nothing is due.";
        sheets.Text(says, PaperFonts.Words(10), Sheets.Green, Right, y, Align.Right);
    }

    private static double Total(Sheets sheets, DocumentContent content, string label, long minor, double y)
    {
        sheets.Text(label, PaperFonts.Words(10), Sheets.Quiet, QuantityRight - 36, y);
        sheets.Fitted(content.Written(minor), PaperFonts.Exact(10), Sheets.Dark, Right, y, Right - QuantityRight - 60, Align.Right);
        return y + 18;
    }

    private static void DrawFoot(Sheets sheets, StoredDocument document, int number)
    {
        if (document.Content.IsTest) sheets.TestBand("TEST · NO MONEY WAS MOVED");
        const double y = Sheets.Height - 48;
        sheets.Hairline(y - 16);
        var page = $"Page {number} of {sheets.Count}";
        sheets.Text(page, PaperFonts.Words(8.5), Sheets.Quiet, Right, y, Align.Right);
        sheets.Block($"{document.Content.Seller.Name} · {document.NumberText}", PaperFonts.Words(8.5), Sheets.Quiet, Sheets.Margin, y, Sheets.Inner - 90, 11, linesMax: 1);
    }
}
