using System.Globalization;
using Tender.Server.Tenancy;

namespace Tender.Server.Sellers;

/// <summary>The seller's details, as they are now; invoices keep those of their day.</summary>
internal static class ReadSeller
{
    /// <summary>As payers know the merchant, for a statement of a surface: the tenant's own name, @TenantName, until the seller has one.</summary>
    public const string Name = "coalesce((select nullif(name, '') from seller), @TenantName)";

    public static async Task<string> NameAsync(TenantDb db, CancellationToken cancellation) =>
        (await db.QuerySingleOrDefaultAsync<string>($"select {Name}", new { TenantName = db.Tenant.Name }, cancellation))!;

    public static async Task<Seller> RunAsync(TenantDb db, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<Seller>(
            "select name, address, tax_id, tax_percent, email, invoice_prefix, credit_note_prefix from seller", null, cancellation)
        ?? new(db.Tenant.Name, "", "", 0, "", "INV-", "CN-");
}

/// <summary>Who sells.</summary>
/// <param name="TaxPercent">Of the net sum, as in 19 or 8.875; 0 for none.</param>
/// <param name="Email">Where customers write to; answers to mails go there.</param>
internal sealed record Seller(string Name, string Address, string TaxId, decimal TaxPercent, string Email, string InvoicePrefix, string CreditNotePrefix)
{
    public string TaxText => TaxPercent.ToString("0.###", CultureInfo.InvariantCulture);
}
