using QRCoder;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>Tickets as PDF, a page each: what it is for, whose it is, and the code that the entrance reads.</summary>
internal static class TicketPaper
{
    private const double CodeSide = 216;
    private const double FactsLeft = Sheets.Margin + CodeSide + 40;
    private const double FactsWidth = Sheets.Width - Sheets.Margin - FactsLeft;

    public static byte[] Draw(IReadOnlyList<StoredTicket> tickets)
    {
        var sheets = new Sheets(tickets[0].ProductName, tickets[0].Sale.Seller.Name, tickets[0].CreatedAt);
        foreach (var ticket in tickets)
        {
            sheets.NewPage();
            DrawTicket(sheets, ticket);
        }

        return sheets.ToBytes();
    }

    private static void DrawTicket(Sheets sheets, StoredTicket ticket)
    {
        if (ticket.Sale.IsTest) sheets.TestBand("TEST · NOT VALID AT THE ENTRANCE");
        var count = $"Ticket {ticket.Seq} of {ticket.Of}";
        var countWidth = PaperFonts.Words(10).WidthOf(count);
        sheets.Text(count, PaperFonts.Words(10), Sheets.Quiet, Sheets.Width - Sheets.Margin, 76, Align.Right);
        sheets.Block(ticket.Sale.Seller.Name, PaperFonts.Strong(11), Sheets.Green, Sheets.Margin, 76, Sheets.Inner - countWidth - 24, 14, linesMax: 1);
        sheets.Hairline(92);

        var isShort = TextLines.Of(ticket.ProductName, PaperFonts.Strong(30), Sheets.Inner, linesMax: 3).Count < 3;
        var y = isShort
            ? sheets.Block(ticket.ProductName, PaperFonts.Strong(30), Sheets.Dark, Sheets.Margin, 140, Sheets.Inner, 36)
            : sheets.Block(ticket.ProductName, PaperFonts.Strong(20), Sheets.Dark, Sheets.Margin, 132, Sheets.Inner, 26, linesMax: 6);
        DrawBody(sheets, ticket, y);
        DrawFoot(sheets, ticket);
    }

    private static void DrawBody(Sheets sheets, StoredTicket ticket, double top)
    {
        DrawCode(sheets, ticket.Code, Sheets.Margin, top);
        sheets.Fitted(TicketCode.Spaced(ticket.Code), PaperFonts.Exact(13), Sheets.Dark, Sheets.Margin, top + CodeSide + 24, CodeSide);

        var y = Fact(sheets, "Holder", ticket.HolderName is { Length: > 0 } name ? name : ticket.HolderEmail, PaperFonts.Strong(14), 18, top + 8);
        if (ticket.HolderName.Length > 0 && ticket.HolderEmail.Length > 0)
            y = sheets.Block(ticket.HolderEmail, PaperFonts.Words(10), Sheets.Quiet, FactsLeft, y - 12, FactsWidth, 14, linesMax: 3) + 14;
        y = Fact(sheets, "Bought", Paper.Day(ticket.CreatedAt), PaperFonts.Words(12), 16, y);
        y = Fact(sheets, "Order", ticket.PaymentId, PaperFonts.Exact(9.5), 13, y);
        Fact(sheets, "Ticket", ticket.Id, PaperFonts.Exact(9.5), 13, y);
    }

    private static double Fact(Sheets sheets, string label, string value, PaperFont font, double leading, double y)
    {
        sheets.Text(label, PaperFonts.Words(9), Sheets.Quiet, FactsLeft, y);
        return sheets.Block(value, font, Sheets.Dark, FactsLeft, y + 4 + leading * 0.9, FactsWidth, leading, linesMax: 4) + 14;
    }

    // Drawn as squares, not as a picture: sharp on any printer. Rows of dark modules are one rectangle, so no seams show.
    private static void DrawCode(Sheets sheets, string code, double left, double top)
    {
        using var generator = new QRCodeGenerator();
        using var qr = generator.CreateQrCode(code, QRCodeGenerator.ECCLevel.Q);
        var modules = qr.ModuleMatrix;
        var quiet = modules.Count - 2 * QuietModules;
        var side = CodeSide / quiet;
        for (var row = 0; row < quiet; row++)
        {
            for (var column = 0; column < quiet; column++)
            {
                var from = column;
                while (column < quiet && modules[row + QuietModules][column + QuietModules]) column++;
                if (column > from) sheets.Fill(Sheets.Black, left + from * side, top + row * side, (column - from) * side, side + 0.05);
            }
        }
    }

    // The margin that QRCoder draws around; the paper's own white does the same.
    private const int QuietModules = 4;

    private static void DrawFoot(Sheets sheets, StoredTicket ticket)
    {
        var y = Sheets.Height - 96;
        sheets.Hairline(y - 20);
        sheets.Text("Show this code at the entrance, printed or on a phone. It lets one person in, once.", PaperFonts.Words(10), Sheets.Dark, Sheets.Margin, y);
        var seller = ticket.Sale.Seller;
        var sold = string.Join(" · ", new[] { $"Sold by {seller.Name}", Paper.OneLine(seller.Address), seller.Email }.Where(part => part.Length > 0));
        sheets.Block(sold, PaperFonts.Words(9), Sheets.Quiet, Sheets.Margin, y + 18, Sheets.Inner, 13, linesMax: 3);
    }
}
