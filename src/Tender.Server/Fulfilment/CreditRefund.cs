using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>Writes the credit note of a refund that reached the payer, in the transaction that says so. A payment without invoice gets none.</summary>
internal sealed class CreditRefund(Ids ids)
{
    public void Add(Batch batch, string paymentId, string refundId, Mode mode, Money refunded, DateTimeOffset now) =>
        batch.Add("""
            with invoice as (
              select d.content, d.number_text, f.customer_id, (d.content->>'gross')::bigint as gross, (d.content->>'net')::bigint as net,
                     (d.content->>'taxPercent')::numeric as tax_percent
              from documents d join fulfilments f on f.id = d.fulfilment_id where d.payment_id = @PaymentId and d.kind = 'invoice'),
            credited as (
              select coalesce(sum((content->>'gross')::bigint), 0)::bigint as gross, coalesce(sum((content->>'net')::bigint), 0)::bigint as net
              from documents where payment_id = @PaymentId and kind = 'credit_note'),
            made as (
              insert into fulfilments (id, payment_id, item, kind, customer_id, created_at)
              select @FulfilmentId, @PaymentId, 'credit_note:' || @RefundId, 'credit_note', invoice.customer_id, @Now from invoice
              on conflict (payment_id, item) do nothing
              returning id),
            numbered as materialized (select id, next_number(@Series) as number from made),
            -- The last credit takes what is left, so that all of them together undo the invoice to the last minor unit.
            sums as (
              select case when credited.gross + @Gross = invoice.gross then invoice.net - credited.net
                          else net_of(@Gross, invoice.tax_percent) end as net
              from invoice, credited)
            insert into documents (id, fulfilment_id, payment_id, kind, series, number, number_text, content, created_at)
            select @DocumentId, numbered.id, @PaymentId, 'credit_note', @Series, number,
                   @Before || coalesce(s.credit_note_prefix, 'CN-') || lpad(number::text, greatest(6, length(number::text)), '0'),
                   invoice.content || jsonb_build_object(
                     'credits', invoice.number_text, 'refund', @RefundId, 'gross', @Gross, 'net', sums.net, 'tax', @Gross - sums.net,
                     'lines', jsonb_build_array(jsonb_build_object(
                       'product', 'Refund of invoice ' || invoice.number_text, 'quantity', 1, 'unit', @Gross, 'amount', @Gross))),
                   @Now
            from numbered cross join invoice cross join sums left join seller s on true
            """, new
        {
            PaymentId = paymentId,
            RefundId = refundId,
            FulfilmentId = New(paymentId, "ful"),
            DocumentId = New(paymentId, "crn"),
            Series = Series.CreditNote(mode),
            Before = Series.Before(mode),
            Gross = refunded.Minor,
            Now = now,
        });

    private string New(string paymentId, string kind) => ids.New(kind, Ids.TenantOf(paymentId)!);
}
