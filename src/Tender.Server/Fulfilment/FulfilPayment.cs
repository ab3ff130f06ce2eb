using System.Text.Json;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>
/// Writes what the payer gets, in the transaction that says the payment is paid: the customer, one fulfilment for each item, its
/// tickets and its invoice. Every statement adds nothing where its item is there already, so a sale is handed out once.
/// </summary>
internal sealed class FulfilPayment(Ids ids)
{
    public void Add(Batch batch, Sale sale)
    {
        var email = CustomerEmail.Normalize(sale.Buyer.Email);
        if (email is not null) AddCustomer(batch, sale, email);

        var items = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in sale.Lines)
        {
            var from = items.GetValueOrDefault(line.Kind);
            var count = line.Kind is "ticket" ? line.Quantity : 1;
            items[line.Kind] = from + count;
            if (line.Kind is "ticket") AddTickets(batch, sale, email, line, from);
            else AddItem(batch, sale, email, line, $"{line.Kind}:{from + 1}");
        }

        // Last, because it holds the series until the commit: the shorter, the more sales a second.
        AddInvoice(batch, sale, email);
    }

    private void AddCustomer(Batch batch, Sale sale, string email) =>
        batch.Add("""
            insert into customers (id, email, normalized_email, name, created_at) values (@Id, @Written, @Email, @Name, @At)
            on conflict (normalized_email) do update set name = excluded.name where customers.name = '' and excluded.name <> ''
            """, new { Id = New(sale, "cus"), Written = OneLine.Of(sale.Buyer.Email), Email = email, Name = OneLine.Of(sale.Buyer.Name), sale.At });

    private void AddTickets(Batch batch, Sale sale, string? email, SaleLine line, int from)
    {
        var numbers = Enumerable.Range(1, line.Quantity).ToArray();
        batch.Add("""
            with wanted as (
              select fulfilment_id, ticket_id, code, seq
              from unnest(@FulfilmentIds, @TicketIds, @Codes) with ordinality as w (fulfilment_id, ticket_id, code, seq)),
            made as (
              insert into fulfilments (id, payment_id, item, kind, customer_id, product_id, created_at)
              select fulfilment_id, @PaymentId, 'ticket:' || (@From + seq), 'ticket', (select id from customers where normalized_email = @Email), @ProductId, @At
              from wanted
              on conflict (payment_id, item) do nothing
              returning id)
            insert into tickets (id, fulfilment_id, payment_id, product_name, holder_name, holder_email, seq, of, code, created_at)
            select w.ticket_id, made.id, @PaymentId, @ProductName, @Name, @HolderEmail, w.seq, @Of, w.code, @At
            from made join wanted w on w.fulfilment_id = made.id
            """, new
        {
            FulfilmentIds = numbers.Select(_ => New(sale, "ful")).ToArray(),
            TicketIds = numbers.Select(_ => New(sale, "tkt")).ToArray(),
            Codes = numbers.Select(_ => TicketCode.New()).ToArray(),
            sale.PaymentId,
            From = from,
            Email = email,
            line.ProductId,
            ProductName = OneLine.Of(line.ProductName),
            Name = OneLine.Of(sale.Buyer.Name),
            HolderEmail = OneLine.Of(sale.Buyer.Email),
            Of = line.Quantity,
            sale.At,
        });
    }

    private void AddItem(Batch batch, Sale sale, string? email, SaleLine line, string item) =>
        batch.Add("""
            insert into fulfilments (id, payment_id, item, kind, customer_id, product_id, created_at)
            values (@Id, @PaymentId, @Item, @Kind, (select id from customers where normalized_email = @Email), @ProductId, @At)
            on conflict (payment_id, item) do nothing
            """, new { Id = New(sale, line.Kind is "download" ? "dl" : "ful"), sale.PaymentId, Item = item, line.Kind, Email = email, line.ProductId, sale.At });

    // The number is taken by the statement that writes the invoice, and given back with it when the batch is undone: no gaps.
    private void AddInvoice(Batch batch, Sale sale, string? email) =>
        batch.Add("""
            with made as (
              insert into fulfilments (id, payment_id, item, kind, customer_id, created_at)
              values (@FulfilmentId, @PaymentId, 'invoice', 'invoice', (select id from customers where normalized_email = @Email), @At)
              on conflict (payment_id, item) do nothing
              returning id),
            numbered as materialized (select id, next_number(@Series) as number from made)
            insert into documents (id, fulfilment_id, payment_id, kind, series, number, number_text, content, created_at)
            select @DocumentId, numbered.id, @PaymentId, 'invoice', @Series, number,
                   @Before || coalesce(s.invoice_prefix, 'INV-') || lpad(number::text, greatest(6, length(number::text)), '0'),
                   @Content::jsonb || jsonb_build_object(
                     'seller', jsonb_build_object('name', coalesce(nullif(s.name, ''), @TenantName), 'address', coalesce(s.address, ''),
                                                  'taxId', coalesce(s.tax_id, ''), 'email', coalesce(s.email, '')),
                     'taxPercent', coalesce(s.tax_percent, 0),
                     'net', net_of(@Gross, coalesce(s.tax_percent, 0)),
                     'tax', @Gross - net_of(@Gross, coalesce(s.tax_percent, 0))),
                   @At
            from numbered left join seller s on true
            """, new
        {
            FulfilmentId = New(sale, "ful"),
            sale.PaymentId,
            Email = email,
            sale.At,
            Series = Series.Invoice(sale.Mode),
            Before = Series.Before(sale.Mode),
            DocumentId = New(sale, "inv"),
            Content = JsonSerializer.Serialize(ContentOf(sale), JsonSerializerOptions.Web),
            TenantName = sale.Tenant.Name,
            Gross = sale.Paid.Minor,
        });

    private static object ContentOf(Sale sale) => new
    {
        Buyer = new { Name = OneLine.Of(sale.Buyer.Name), Email = OneLine.Of(sale.Buyer.Email) },
        Lines = sale.Lines.Select(line => new
        {
            Product = OneLine.Of(line.ProductName),
            line.Quantity,
            Unit = line.Unit.Minor,
            Amount = (line.Unit * line.Quantity).Minor,
        }),
        Currency = sale.Paid.Currency.Code,
        sale.Paid.Currency.Exponent,
        Gross = sale.Paid.Minor,
        PaidWith = OneLine.Of(sale.PaidWith),
        Mode = sale.Mode.ToWord(),
    };

    private string New(Sale sale, string kind) => ids.New(kind, sale.Tenant.Code);
}
