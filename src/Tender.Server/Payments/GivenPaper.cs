using Tender.Server.Fulfilment;

namespace Tender.Server.Payments;

/// <summary>Something that was handed out for a payment, as its page names it, and where it is seen; null for what was taken back.</summary>
internal sealed record GivenPaper(string Word, string? Href)
{
    /// <summary>All of it, in the order a payer counts: what was bought, then the papers over it.</summary>
    public static IReadOnlyList<GivenPaper> Of(Given given)
    {
        var papers = new List<GivenPaper>();
        // One file holds all tickets of a payment.
        if (given.TicketIds is [var first, ..]) papers.Add(new(Count(given.TicketIds.Count, "ticket"), given.IsRevoked ? null : $"/api/v1/tickets/{first}/download"));
        papers.AddRange(Each(given.DownloadIds, "download", id => given.IsRevoked ? null : $"/api/v1/downloads/{id}/download"));
        if (given.InvoiceId is { } invoice) papers.Add(new("1 invoice", Document(invoice)));
        papers.AddRange(Each(given.CreditNoteIds, "credit note", Document));
        return papers;
    }

    private static string Document(string id) => $"/api/v1/invoices/{id}/download";

    private static string Count(int count, string word) => $"{count} {word}{(count is 1 ? "" : "s")}";

    private static IEnumerable<GivenPaper> Each(IReadOnlyList<string> ids, string word, Func<string, string?> href) =>
        ids.Select((id, place) => new GivenPaper(ids.Count is 1 ? Count(1, word) : $"{word} {place + 1}", href(id)));
}
