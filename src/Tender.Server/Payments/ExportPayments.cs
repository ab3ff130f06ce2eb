using CsvHelper;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>GET /console/payments.csv: the filtered list, all of it, page by page so that its size does not matter.</summary>
internal sealed class ExportPayments(ListPayments list)
{
    public async Task RunAsync(TenantDb db, Mode mode, ListPayments.Filter filter, Stream to, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(to, new CsvWriterOptions(), leaveOpen: true);
        await csv.WriteRecordAsync(Titles, cancellation);
        ListPayments.Page page;
        do
        {
            page = await list.RunAsync(db, mode, filter, ListPayments.LimitMax, cancellation);
            foreach (var row in page.Rows) await csv.WriteRecordAsync(Cells(row), cancellation);
            await csv.FlushAsync(cancellation);
            filter = filter with { After = page.Rows.Count > 0 ? page.Rows[^1].Id : null };
        }
        while (page.HasMore);
    }

    private static readonly string[] Titles =
    [
        "id", "created_at", "status", "amount", "currency", "amount_minor", "refunded_minor", "payer_email", "payer_name", "description", "provider", "succeeded_at",
    ];

    private static string[] Cells(ListPayments.Row row) =>
    [
        row.Id, row.CreatedAt.ToString("O"), row.Status, new Money(row.AmountMinor, Currency.Of(row.Currency)).ToMajorText(), row.Currency,
        $"{row.AmountMinor}", $"{row.RefundedMinor}", Harmless(row.PayerEmail), Harmless(row.PayerName), Harmless(row.Description), row.Provider ?? "",
        row.SucceededAt?.ToString("O") ?? "",
    ];

    // A spreadsheet would run a cell that begins like a formula.
    private static string Harmless(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text ?? "";
}
