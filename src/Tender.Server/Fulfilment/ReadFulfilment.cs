using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>What a payment's payer got.</summary>
internal static class ReadFulfilment
{
    public static async Task<Given> RunAsync(TenantDb db, string paymentId, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<Row>("""
            select f.id, f.item, f.kind, f.revoked_at is not null as is_revoked, t.id as ticket_id, d.id as document_id, d.number_text,
                   p.name as product_name
            from fulfilments f
            left join tickets t on t.fulfilment_id = f.id
            left join documents d on d.fulfilment_id = f.id
            left join products p on p.id = f.product_id
            where f.payment_id = @paymentId
            order by f.kind, length(f.item), f.item
            """, new { paymentId }, cancellation);

        return new(
            [.. rows.Where(r => r.TicketId is not null).Select(r => r.TicketId!)],
            rows.FirstOrDefault(r => r.Kind is "invoice")?.DocumentId,
            [.. rows.Where(r => r.Kind is "download").Select(r => r.Id)],
            [.. rows.Where(r => r.Kind is "credit_note").Select(r => r.DocumentId!)],
            rows.Any(r => r.IsRevoked));
    }

    private sealed record Row(string Id, string Item, string Kind, bool IsRevoked, string? TicketId, string? DocumentId, string? NumberText, string? ProductName);
}

/// <summary>What was handed out, by ids.</summary>
/// <param name="InvoiceId">Null before the payment is settled.</param>
/// <param name="IsRevoked">True after all of the money went back.</param>
internal sealed record Given(
    IReadOnlyList<string> TicketIds, string? InvoiceId, IReadOnlyList<string> DownloadIds, IReadOnlyList<string> CreditNoteIds, bool IsRevoked)
{
    /// <summary>True once there is anything.</summary>
    public bool IsAny => InvoiceId is not null;
}
