using System.Globalization;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Sellers;

/// <summary>Changes what later invoices say of the seller. Those already written stay as they are.</summary>
internal sealed class ChangeSeller
{
    public const int NameCharsMax = 200;
    public const int AddressCharsMax = 500;
    public const int TaxIdCharsMax = 50;
    public const int PrefixCharsMax = 20;

    public async Task<Outcome> RunAsync(TenantDb db, Request request, Caller caller, CancellationToken cancellation)
    {
        if (Check(request, out var seller) is { Count: > 0 } wrong) return new Outcome.Refused(wrong);
        var batch = new Batch().Add("""
            insert into seller (name, address, tax_id, tax_percent, email, invoice_prefix, credit_note_prefix)
            values (@Name, @Address, @TaxId, @Tax::numeric, @Email, @InvoicePrefix, @CreditNotePrefix)
            on conflict (single) do update set name = excluded.name, address = excluded.address, tax_id = excluded.tax_id, tax_percent = excluded.tax_percent,
              email = excluded.email, invoice_prefix = excluded.invoice_prefix, credit_note_prefix = excluded.credit_note_prefix
            """, new { seller.Name, seller.Address, seller.TaxId, Tax = seller.TaxText, seller.Email, seller.InvoicePrefix, seller.CreditNotePrefix });
        batch.AddAudit(caller, "seller.changed", db.Tenant.Code, seller);
        await db.WriteAsync(batch, cancellation);
        return new Outcome.Changed();
    }

    private static Dictionary<string, string> Check(Request request, out Seller seller)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        Limit(wrong, "name", request.Name, NameCharsMax);
        Limit(wrong, "address", request.Address, AddressCharsMax);
        Limit(wrong, "taxId", request.TaxId, TaxIdCharsMax);
        Limit(wrong, "invoicePrefix", request.InvoicePrefix, PrefixCharsMax);
        Limit(wrong, "creditNotePrefix", request.CreditNotePrefix, PrefixCharsMax);
        if (request.Name.Length is 0) wrong["name"] = "An invoice must name its seller.";
        if (request.Email.Length > 0 && MailAddresses.Plain(request.Email) is null) wrong["email"] = "This is no mail address.";
        if (request.InvoicePrefix == request.CreditNotePrefix) wrong["creditNotePrefix"] = "Invoices and credit notes must begin differently, or their numbers meet.";
        if (!decimal.TryParse(request.TaxPercent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var tax) || tax > 100 || decimal.Round(tax, 3) != tax)
            wrong["taxPercent"] = "Write a number from 0 to 100 with at most three decimals, like 19 or 8.875.";
        seller = new(request.Name, request.Address, request.TaxId, tax, request.Email, request.InvoicePrefix, request.CreditNotePrefix);
        return wrong;
    }

    private static void Limit(Dictionary<string, string> wrong, string field, string text, int charsMax)
    {
        if (text.Length > charsMax) wrong[field] = $"At most {charsMax} characters.";
    }

    /// <summary>As it was typed.</summary>
    public sealed record Request(string Name, string Address, string TaxId, string TaxPercent, string Email, string InvoicePrefix, string CreditNotePrefix)
    {
        internal static Request Of(Seller seller) =>
            new(seller.Name, seller.Address, seller.TaxId, seller.TaxText, seller.Email, seller.InvoicePrefix, seller.CreditNotePrefix);

        internal static Request From(IFormCollection form)
        {
            string Text(string name) => form[name].ToString().Trim();
            return new(Text("name"), Text("address").ReplaceLineEndings("\n"), Text("taxId"), Text("taxPercent") is { Length: > 0 } tax ? tax : "0", Text("email"), Text("invoicePrefix"), Text("creditNotePrefix"));
        }
    }

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Changed : Outcome;

        /// <summary>By field, what is wrong.</summary>
        public sealed record Refused(IReadOnlyDictionary<string, string> Wrong) : Outcome;
    }
}
