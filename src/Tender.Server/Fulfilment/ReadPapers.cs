using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>Reads what tickets and documents are drawn from.</summary>
internal static class ReadPapers
{
    private const string SelectTickets = """
        select t.id, t.payment_id, t.product_name, t.holder_name, t.holder_email, t.seq, t.of, t.code, t.created_at, t.revoked_at, d.content::text as sale
        from tickets t join documents d on d.payment_id = t.payment_id and d.kind = 'invoice' join fulfilments f on f.id = t.fulfilment_id
        """;

    /// <summary>Every ticket of the payment that this ticket belongs to; none when there is no such ticket.</summary>
    public static Task<IReadOnlyList<StoredTicket>> TicketsBesideAsync(TenantDb db, string ticketId, CancellationToken cancellation) => TicketsAsync(db,
        $"{SelectTickets} where t.payment_id = (select payment_id from tickets where id = @id) order by length(f.item), f.item", ticketId, cancellation);

    public static Task<IReadOnlyList<StoredTicket>> TicketAsync(TenantDb db, string ticketId, CancellationToken cancellation) =>
        TicketsAsync(db, $"{SelectTickets} where t.id = @id", ticketId, cancellation);

    public static Task<IReadOnlyList<StoredTicket>> TicketsOfAsync(TenantDb db, string paymentId, CancellationToken cancellation) =>
        TicketsAsync(db, $"{SelectTickets} where t.payment_id = @id order by length(f.item), f.item", paymentId, cancellation);

    public static async Task<StoredDocument?> DocumentAsync(TenantDb db, string id, CancellationToken cancellation) =>
        (await DocumentsAsync(db, "select id, kind, number_text, payment_id, created_at, content::text as content from documents where id = @id", id, cancellation)).SingleOrDefault();

    /// <summary>Invoice and credit notes of a payment, each with the refund it belongs to.</summary>
    public static Task<IReadOnlyList<StoredDocument>> DocumentsOfAsync(TenantDb db, string paymentId, CancellationToken cancellation) => DocumentsAsync(db,
        "select id, kind, number_text, payment_id, created_at, content::text as content from documents where payment_id = @id order by created_at, number", paymentId, cancellation);

    private static async Task<IReadOnlyList<StoredTicket>> TicketsAsync(TenantDb db, string sql, string id, CancellationToken cancellation) =>
        [.. (await db.QueryAsync<TicketRow>(sql, new { id }, cancellation)).Select(row => row.ToTicket())];

    private static async Task<IReadOnlyList<StoredDocument>> DocumentsAsync(TenantDb db, string sql, string id, CancellationToken cancellation) =>
        [.. (await db.QueryAsync<DocumentRow>(sql, new { id }, cancellation)).Select(row => row.ToDocument())];

    private sealed record TicketRow(
        string Id, string PaymentId, string ProductName, string HolderName, string HolderEmail, int Seq, int Of, string Code,
        DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, string Sale)
    {
        public StoredTicket ToTicket() =>
            new(Id, PaymentId, ProductName, HolderName, HolderEmail, Seq, Of, Code, CreatedAt, RevokedAt, DocumentContent.Parse(Sale));
    }

    private sealed record DocumentRow(string Id, string Kind, string NumberText, string PaymentId, DateTimeOffset CreatedAt, string Content)
    {
        public StoredDocument ToDocument() => new(Id, Kind, NumberText, PaymentId, CreatedAt, DocumentContent.Parse(Content));
    }
}
