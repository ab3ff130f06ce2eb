using System.Net;
using System.Text;
using Tender.Server.Fulfilment.Papers;
using Tender.Server.Hosting;

namespace Tender.Server.Fulfilment.Mail;

/// <summary>What a mail says, in plain text and in simple HTML: the same sentences, the same links.</summary>
internal sealed class SaleLetter
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder html = new("<div style=\"max-width:560px;margin:24px auto;font:16px/1.5 Inter,system-ui,sans-serif;color:#1b1a18\">");

    private SaleLetter(string subject) => Subject = subject;

    public string Subject { get; }

    public string Text => text.ToString();

    public string Html => $"{html}</div>";

    /// <summary>Thanks for a payment, with what was bought.</summary>
    public static SaleLetter Paid(StoredDocument invoice, IReadOnlyList<StoredTicket> tickets, IReadOnlyList<string> downloadIds, SignedLinks links)
    {
        var content = invoice.Content;
        var what = tickets.Count switch { 0 => $"Your invoice {invoice.NumberText}", 1 => "Your ticket", _ => "Your tickets" };
        var letter = new SaleLetter($"{Test(content)}{what} from {content.Seller.Name}");
        letter.Greet(content);
        letter.Says($"Thank you. You paid {Sum(content)} to {content.Seller.Name}.");
        letter.Lines(content);
        letter.Says(tickets.Count > 0 ? "Your tickets and your invoice are attached." : "Your invoice is attached.");
        letter.Says($"Until {Paper.Day(links.ValidUntil.AddSeconds(-1))} you can also fetch them here:");
        if (tickets.Count > 0) letter.Link("Tickets", links.Ticket(tickets[0].Id));
        letter.Link($"Invoice {invoice.NumberText}", links.Invoice(invoice.Id));
        foreach (var id in downloadIds) letter.Link("Download", links.Download(id));
        letter.Close(invoice);
        return letter;
    }

    /// <summary>News of money that went back.</summary>
    public static SaleLetter Refunded(StoredDocument note, bool isRevoked)
    {
        var content = note.Content;
        var letter = new SaleLetter($"{Test(content)}{Sum(content)} came back to you from {content.Seller.Name}");
        letter.Greet(content);
        letter.Says($"{content.Seller.Name} has sent {Sum(content)} back to you. Your bank may take some days to show it.");
        letter.Says($"The credit note {note.NumberText} for invoice {content.Credits} is attached.");
        if (isRevoked) letter.Says("With it, what you bought is no longer valid.");
        letter.Close(note);
        return letter;
    }

    private static string Sum(DocumentContent content) => $"{content.Written(content.Gross)} {content.Currency.ToUpperInvariant()}";

    private static string Test(DocumentContent content) => content.IsTest ? "[TEST] " : "";

    private void Greet(DocumentContent content)
    {
        if (content.IsTest) Says("This is a test. No money was moved.");
        Says(content.Buyer.Name.Length > 0 ? $"Hello {content.Buyer.Name}," : "Hello,");
    }

    private void Lines(DocumentContent content)
    {
        html.Append("<table style=\"width:100%;border-collapse:collapse\">");
        foreach (var line in content.Lines)
        {
            var (item, sum) = ($"{line.Quantity} × {line.Product}", $"{content.Written(line.Amount)} {content.Currency.ToUpperInvariant()}");
            text.Append(item).Append("  ").Append(sum).Append('\n');
            html.Append("<tr><td style=\"padding:8px 0;border-bottom:1px solid #d9d6cf\">").Append(WebUtility.HtmlEncode(item))
                .Append("</td><td style=\"padding:8px 0;border-bottom:1px solid #d9d6cf;text-align:right;white-space:nowrap\">").Append(WebUtility.HtmlEncode(sum)).Append("</td></tr>");
        }

        text.Append('\n');
        html.Append("</table>");
    }

    private void Says(string sentence)
    {
        text.Append(sentence).Append("\n\n");
        html.Append("<p>").Append(WebUtility.HtmlEncode(sentence)).Append("</p>");
    }

    private void Link(string label, string url)
    {
        text.Append(label).Append(": ").Append(url).Append("\n\n");
        html.Append("<p><a style=\"color:#1c5b3c\" href=\"").Append(WebUtility.HtmlEncode(url)).Append("\">").Append(WebUtility.HtmlEncode(label)).Append("</a></p>");
    }

    private void Close(StoredDocument document)
    {
        var seller = document.Content.Seller;
        if (MailAddresses.Plain(seller.Email) is { } email) Says($"Questions? Write to {email}, and name the order {document.PaymentId}.");
        else Says($"Order {document.PaymentId}.");
        Says(string.Join(", ", new[] { seller.Name, Paper.OneLine(seller.Address) }.Where(part => part.Length > 0)));
    }
}
