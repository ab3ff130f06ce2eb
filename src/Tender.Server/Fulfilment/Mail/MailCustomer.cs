using System.Text.Json;
using Tender.Server.Events;
using Tender.Server.Fulfilment.Papers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment.Mail;

/// <summary>
/// Mails the customer what was bought, and what was paid back. Each mail is a row of its own, written before it is sent and unique to
/// its delivery; a crash between the mail server's yes and our note of it sends the same mail, with the same Message-ID, again.
/// Without a mail server each is kept, to be read in the console.
/// </summary>
internal sealed class MailCustomer(Settings settings, SignedLinks links, Ids ids, TimeProvider time) : IConsumeEvents
{
    private readonly SendMail? send = settings.Smtp is { } server ? new(server) : null;

    public string Consumer => "mail";

    public async Task<DeliveryResult> HandleAsync(TenantDb db, DeliveredEvent delivered, CancellationToken cancellation)
    {
        if (delivered.PaymentId is not { } paymentId || await WriteAsync(db, paymentId, delivered, cancellation) is not { } written) return new DeliveryResult.Done();

        var (seller, buyer) = (written.Document.Content.Seller, written.Document.Content.Buyer);
        var message = await KeepAsync(db, paymentId, delivered, written, buyer.Email, cancellation);
        if (message.State is not "waiting" || send is null) return new DeliveryResult.Done();
        if (MailAddresses.Plain(buyer.Email) is not { } to) return await GiveUpAsync(db, message, $"{buyer.Email} is no mail address", cancellation);

        var outcome = await send.RunAsync(new(
            message.Id, settings.MailFrom, seller.Name, to, buyer.Name, MailAddresses.Plain(seller.Email), written.Letter.Subject, written.Letter.Text, written.Letter.Html,
            [.. written.Papers.Select(paper => paper.Draw())], message.CreatedAt), cancellation);
        return outcome switch
        {
            SendMail.Outcome.Sent => await SentAsync(db, message),
            SendMail.Outcome.Refused { Why: var why } => await GiveUpAsync(db, message, why, cancellation),
            SendMail.Outcome.Later { Why: var why } when delivered.IsLastTry => await GiveUpAsync(db, message, why, cancellation),
            SendMail.Outcome.Later { Why: var why } => new DeliveryResult.TryAgain(why),
            _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
        };
    }

    private async Task<Written?> WriteAsync(TenantDb db, string paymentId, DeliveredEvent delivered, CancellationToken cancellation)
    {
        var documents = await ReadPapers.DocumentsOfAsync(db, paymentId, cancellation);
        if (documents.All(document => document.Content.Buyer.Email.Length is 0)) return null;
        if (delivered.Type is "payment.succeeded" or "payment.paid_in_full") return await PaidAsync(db, documents, cancellation);
        if (delivered.Type is not "refund.succeeded") return null;

        using var payload = JsonDocument.Parse(delivered.Payload);
        var refund = payload.RootElement.GetProperty("refund").GetString();
        if (documents.FirstOrDefault(d => d.Content.Refund == refund && d.IsCreditNote) is not { } note) return null;
        var given = await ReadFulfilment.RunAsync(db, paymentId, cancellation);
        return new(note, SaleLetter.Refunded(note, given.IsRevoked), [PaperOf(note)]);
    }

    private async Task<Written?> PaidAsync(TenantDb db, IReadOnlyList<StoredDocument> documents, CancellationToken cancellation)
    {
        if (documents.FirstOrDefault(d => !d.IsCreditNote) is not { } invoice) return null;
        var tickets = await ReadPapers.TicketsOfAsync(db, invoice.PaymentId, cancellation);
        var given = await ReadFulfilment.RunAsync(db, invoice.PaymentId, cancellation);
        Paper[] ticketPaper = tickets.Count is 0 ? [] :
            [new(new("Tickets", "tickets", tickets[0].Id), () => new($"{DownloadPapers.FileName($"tickets-{tickets[0].ProductName}")}.pdf", TicketPaper.Draw(tickets)))];
        return new(invoice, SaleLetter.Paid(invoice, tickets, given.DownloadIds, links), [.. ticketPaper, PaperOf(invoice)]);
    }

    private static Paper PaperOf(StoredDocument document) =>
        new(new(document.NumberText, "document", document.Id), () => new($"{DownloadPapers.FileName(document.NumberText)}.pdf", InvoicePaper.Draw(document)));

    // At a repetition the row is there already and says how far it got.
    private async Task<Message> KeepAsync(TenantDb db, string paymentId, DeliveredEvent delivered, Written written, string recipient, CancellationToken cancellation) =>
        (await db.QuerySingleOrDefaultAsync<Message>("""
            insert into messages (id, delivery_id, payment_id, recipient, subject, body, attachments, state, created_at)
            values (@Id, @DeliveryId, @PaymentId, @Recipient, @Subject, @Text, @Enclosed::jsonb, @State, @Now)
            on conflict (delivery_id) do update set state = case when messages.state = 'waiting' then excluded.state else messages.state end
            returning id, state, created_at
            """, new
        {
            Id = ids.New("msg", db.Tenant.Code),
            delivered.DeliveryId,
            PaymentId = paymentId,
            Recipient = recipient,
            written.Letter.Subject,
            written.Letter.Text,
            Enclosed = JsonSerializer.Serialize(written.Papers.Select(paper => paper.Enclosed), Json.Options),
            State = send is null ? "kept" : "waiting",
            Now = time.GetUtcNow(),
        }, cancellation))!;

    // The mail is out: a server that stops meanwhile still writes that down.
    private async Task<DeliveryResult> SentAsync(TenantDb db, Message message)
    {
        await db.ExecuteAsync("update messages set state = 'sent', sent_at = @Now where id = @Id", new { message.Id, Now = time.GetUtcNow() }, CancellationToken.None);
        return new DeliveryResult.Done();
    }

    private static async Task<DeliveryResult> GiveUpAsync(TenantDb db, Message message, string why, CancellationToken cancellation)
    {
        await db.ExecuteAsync("update messages set state = 'gave_up' where id = @Id and state = 'waiting'", new { message.Id }, cancellation);
        return new DeliveryResult.GiveUp(why);
    }

    private sealed record Written(StoredDocument Document, SaleLetter Letter, IReadOnlyList<Paper> Papers);

    /// <summary>What goes with a mail; drawn only for one that is sent.</summary>
    private sealed record Paper(Enclosed Enclosed, Func<Attachment> Draw);

    /// <summary>What went with a mail, by where it can be had again.</summary>
    internal sealed record Enclosed(string Name, string Kind, string Id);

    private sealed record Message(string Id, string State, DateTimeOffset CreatedAt);
}
