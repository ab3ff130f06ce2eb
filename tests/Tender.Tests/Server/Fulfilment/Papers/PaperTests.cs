using Tender.Server.Fulfilment.Papers;

namespace Tender.Tests.Server.Fulfilment.Papers;

public sealed class PaperTests
{
    [Fact]
    public async Task Look()
    {
        Directory.CreateDirectory("/tmp/ful/out");
        await File.WriteAllBytesAsync("/tmp/ful/out/ticket.pdf", TicketPaper.Draw([Samples.Ticket(1), Samples.Ticket(2, holder: ""), Samples.Ticket(3, product: Samples.LongName, holder: "Ελένη Παπαδοπούλου-Κωνσταντινίδου Жанна Фриске von und zu Hohenlohe-Waldenburg", sale: Samples.Content(mode: "test"))]));
        await File.WriteAllBytesAsync("/tmp/ful/out/invoice.pdf", InvoicePaper.Draw(Samples.Invoice()));
        await File.WriteAllBytesAsync("/tmp/ful/out/long.pdf", InvoicePaper.Draw(Samples.Invoice(Samples.Content(lines: 40, mode: "test"))));
        await File.WriteAllBytesAsync("/tmp/ful/out/huge.pdf", InvoicePaper.Draw(Samples.Invoice(Samples.Content(currency: "idr", unit: 4_600_000_000_000_000_000))));
    }
}
