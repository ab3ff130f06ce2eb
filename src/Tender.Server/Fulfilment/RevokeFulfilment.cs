using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>Takes back what was handed out, when all of the money went back. Invoices stay: they happened.</summary>
internal static class RevokeFulfilment
{
    public static void Add(Batch batch, string paymentId, DateTimeOffset now) =>
        batch.Add("""
            with revoked as (
              update fulfilments set revoked_at = @Now
              where payment_id = @PaymentId and kind not in ('invoice', 'credit_note') and revoked_at is null)
            update tickets set revoked_at = @Now where payment_id = @PaymentId and revoked_at is null
            """, new { PaymentId = paymentId, Now = now });
}
