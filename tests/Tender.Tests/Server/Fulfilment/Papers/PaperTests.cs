using System.Diagnostics;
using System.Text;
using QRCoder;
using Tender.Server.Fulfilment;
using Tender.Server.Fulfilment.Papers;

namespace Tender.Tests.Server.Fulfilment.Papers;

public sealed class PaperTests
{
    [Fact]
    public async Task A_ticket_says_what_it_is_for_whose_it_is_and_which_of_how_many()
    {
        var pages = await PagesAsync(TicketPaper.Draw([Samples.Ticket(1), Samples.Ticket(2)]));

        pages.Count.ShouldBe(2);
        pages[1].ShouldContain("Festival ticket, three days");
        pages[1].ShouldContain("Bea Müller");
        pages[1].ShouldContain("Ticket 2 of 3");
        pages[1].ShouldContain(Samples.Ticket(2).PaymentId);
        pages[1].ShouldContain(TicketCode.Spaced(Samples.Ticket(2).Code));
        pages[1].ShouldContain("Acme Festivals GmbH");
        pages[1].ShouldNotContain("TEST");
    }

    [Fact]
    public async Task An_invoice_says_who_sold_what_to_whom_with_which_tax()
    {
        var page = (await PagesAsync(InvoicePaper.Draw(Samples.Invoice()))).ShouldHaveSingleItem();

        foreach (var word in new[] { "INV-000042", "Acme Festivals GmbH", "Hauptstraße 12", "Tax id DE123456789", "Bea Müller", "bea@example.com", "1 March 2026", "Stripe", "49.00", "98.00", "78.40", "Tax 19 %", "19.60", "EUR", "Paid in full" })
            page.ShouldContain(word);
    }

    [Fact]
    public async Task A_credit_note_names_the_invoice_it_undoes()
    {
        var content = Samples.Content() with { Credits = "INV-000042" };

        var page = (await PagesAsync(InvoicePaper.Draw(Samples.Invoice(content) with { Kind = "credit_note", NumberText = "CN-000007" }))).ShouldHaveSingleItem();

        page.ShouldContain("Credit note");
        page.ShouldContain("CN-000007");
        page.ShouldContain("INV-000042");
        page.ShouldNotContain("Paid in full");
    }

    [Fact]
    public async Task Many_lines_go_on_over_pages_that_are_counted_and_none_is_lost()
    {
        var content = Samples.Content(lines: 120);

        var pages = await PagesAsync(InvoicePaper.Draw(Samples.Invoice(content)));

        pages.Count.ShouldBeGreaterThan(5);
        for (var i = 0; i < pages.Count; i++) pages[i].ShouldContain($"Page {i + 1} of {pages.Count}");
        var all = string.Join('\n', pages);
        for (var n = 2; n <= 120; n++) all.ShouldContain($"Workshop {n}:");
        pages[^1].ShouldContain("11 760.00");
    }

    [Fact]
    public async Task Long_names_wrap_and_huge_amounts_stay_on_the_paper()
    {
        var ticket = Samples.Ticket(product: Samples.LongName, holder: "Ελένη Παπαδοπούλου Жанна Фриске " + new string('W', 120));
        var invoice = Samples.Invoice(Samples.Content("idr", unit: 4_600_000_000_000_000_000 / 2));

        (await PagesAsync(TicketPaper.Draw([ticket]))).Single().Replace("\n", " ", StringComparison.Ordinal).ShouldContain("Παπαδοπούλου Жанна");
        (await PagesAsync(InvoicePaper.Draw(invoice))).Single().ShouldContain("46 000 000 000 000 000.00");
        foreach (var box in await BoxesAsync(TicketPaper.Draw([ticket]), InvoicePaper.Draw(invoice)))
        {
            box.Left.ShouldBeGreaterThanOrEqualTo(Sheets.Margin - 1);
            box.Right.ShouldBeLessThanOrEqualTo(Sheets.Width - Sheets.Margin + 1);
        }
    }

    [Theory, InlineData("jpy", 0, "4 900"), InlineData("kwd", 3, "4.900"), InlineData("btc", 8, "0.00004900")]
    public async Task Sums_have_the_decimals_of_their_currency(string currency, int exponent, string written) =>
        (await PagesAsync(InvoicePaper.Draw(Samples.Invoice(Samples.Content(currency, exponent, unit: 4900))))).Single().ShouldContain(written);

    [Fact]
    public async Task Test_papers_say_so()
    {
        var test = Samples.Content(mode: "test");

        (await PagesAsync(TicketPaper.Draw([Samples.Ticket(sale: test)]))).Single().ShouldContain("TEST");
        (await PagesAsync(InvoicePaper.Draw(Samples.Invoice(test)))).Single().ShouldContain("TEST");
    }

    [Fact]
    public void The_same_rows_give_the_same_bytes_on_any_thread()
    {
        var first = InvoicePaper.Draw(Samples.Invoice(Samples.Content(lines: 30)));

        Parallel.For(0, 16, _ => InvoicePaper.Draw(Samples.Invoice(Samples.Content(lines: 30))).ShouldBe(first));
    }

    [Fact]
    public async Task The_code_is_drawn_as_the_modules_of_its_QR_code()
    {
        var ticket = Samples.Ticket();
        using var generator = new QRCodeGenerator();
        using var qr = generator.CreateQrCode(ticket.Code, QRCodeGenerator.ECCLevel.Q);
        var modules = qr.ModuleMatrix;

        // One pixel a point; the code begins at (margin, 162) and is 216 wide.
        var pixels = await PixelsAsync(TicketPaper.Draw([ticket]));
        var side = 216.0 / (modules.Count - 8);
        var top = pixels.TopOf((int)Sheets.Margin + 2);
        for (var row = 4; row < modules.Count - 4; row++)
        {
            for (var column = 4; column < modules.Count - 4; column++)
            {
                var isDark = pixels.IsDark((int)(Sheets.Margin + (column - 3.5) * side), (int)(top + (row - 3.5) * side));
                isDark.ShouldBe(modules[row][column], $"row {row}, column {column}");
            }
        }
    }

    [Theory, InlineData(""), InlineData("(unbalanced ) \\ <hex> endstream endobj"), InlineData("你好 مرحبا 🎟️ \uD800")]
    public async Task No_name_breaks_the_file(string name)
    {
        var content = Samples.Content() with { Buyer = new(name, name), Seller = new(name, name, name, name) };

        (await PagesAsync(InvoicePaper.Draw(Samples.Invoice(content)))).Single().ShouldContain("INV-000042");
        (await PagesAsync(TicketPaper.Draw([Samples.Ticket(holder: name, product: name, sale: content)]))).Count.ShouldBe(1);
    }

    private static async Task<IReadOnlyList<string>> PagesAsync(byte[] pdf) =>
        (await RunAsync("pdftotext", pdf, "-layout", "-nopgbrk", "FILE", "-") is var all && Count(pdf) is 1)
            ? [all]
            : [.. await Task.WhenAll(Enumerable.Range(1, Count(pdf)).Select(n => RunAsync("pdftotext", pdf, "-layout", "-f", $"{n}", "-l", $"{n}", "FILE", "-")))];

    private static int Count(byte[] pdf) =>
        int.Parse(System.Text.RegularExpressions.Regex.Match(Encoding.Latin1.GetString(pdf), "/Count ([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<(double Left, double Right)>> BoxesAsync(params byte[][] pdfs)
    {
        var boxes = new List<(double, double)>();
        foreach (var pdf in pdfs)
        {
            foreach (System.Text.RegularExpressions.Match word in System.Text.RegularExpressions.Regex.Matches(await RunAsync("pdftotext", pdf, "-bbox", "FILE", "-"), "xMin=\"([0-9.-]+)\".*xMax=\"([0-9.]+)\""))
                boxes.Add((double.Parse(word.Groups[1].Value), double.Parse(word.Groups[2].Value)));
        }

        boxes.Count.ShouldBeGreaterThan(20);
        return boxes;
    }

    private static async Task<Picture> PixelsAsync(byte[] pdf) =>
        new(Encoding.Latin1.GetBytes(await RunAsync("pdftoppm", pdf, "-gray", "-r", "72", "-singlefile", "FILE")));

    // poppler: a reader that shares nothing with what we write.
    private static async Task<string> RunAsync(string program, byte[] pdf, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf);
            var encoding = program is "pdftoppm" ? Encoding.Latin1 : Encoding.UTF8;
            var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = encoding };
            foreach (var argument in arguments) start.ArgumentList.Add(argument is "FILE" ? file : argument);
            using var process = Process.Start(start)!;
            var said = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            (await said).ShouldBe("");
            process.ExitCode.ShouldBe(0);
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A portable grey map: P5, width, height, 255, bytes.</summary>
    private sealed class Picture
    {
        private readonly byte[] file;
        private readonly int width;
        private readonly int start;

        public Picture(byte[] file)
        {
            this.file = file;
            var head = System.Text.RegularExpressions.Regex.Match(Encoding.Latin1.GetString(file, 0, 40), @"^P5\s(\d+)\s(\d+)\s255\s");
            (width, start) = (int.Parse(head.Groups[1].Value), head.Length);
        }

        public bool IsDark(int x, int y) => file[start + y * width + x] < 128;

        /// <summary>Where the code begins: the first row from which a finder pattern's edge runs down without a gap.</summary>
        public int TopOf(int x)
        {
            for (var y = 0; ; y++)
            {
                if (Enumerable.Range(y, 30).All(row => IsDark(x, row))) return y;
            }
        }
    }
}
