using System.Text.Json;
using Tender.Domain.Payments;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>The statements that write a payment and an attempt for the first time.</summary>
internal static class NewPaymentStatements
{
    public static void AddNewPayment(
        this Batch batch, StoredPayment stored, SumAsked asked, string verdicts, ConnectionRow connection, DateTimeOffset now)
    {
        batch.Expect(WorkKind.Expiry, asked.ExpiresAt);
        batch.Add("""
            insert into payments (id, mode, amount_minor, currency, status, purpose, purpose_id, description, payer_email, payer_name, presentation,
                                  capture_later, return_to, cancel_to, metadata, route, provider, connection_id, created_at, expires_at)
            values (@Id, @Mode, @Minor, @Currency, 'created', @Purpose, @PurposeId, @Description, @PayerEmail, @PayerName, @Presentation,
                    @CaptureLater, @ReturnTo, @CancelTo, @Metadata::jsonb, @Verdicts::jsonb, @Provider, @ConnectionId, @Now, @ExpiresAt)
            """, new
        {
            stored.Id,
            Mode = asked.Mode.ToWord(),
            asked.Amount.Minor,
            Currency = asked.Amount.Currency.Code,
            asked.Purpose,
            asked.PurposeId,
            asked.Description,
            asked.PayerEmail,
            asked.PayerName,
            Presentation = asked.Presentation.ToWord(),
            asked.CaptureLater,
            asked.ReturnTo,
            asked.CancelTo,
            Metadata = JsonSerializer.Serialize(asked.Metadata, Json.Options),
            Verdicts = verdicts,
            connection.Provider,
            ConnectionId = connection.Id,
            Now = now,
            asked.ExpiresAt,
        });
    }

    public static void AddNewAttempt(this Batch batch, string paymentId, Attempt attempt, int seq, ConnectionRow connection, DateTimeOffset now)
    {
        var askAt = AskingTimes.First(attempt.Status, now);
        batch.Expect(WorkKind.Attempts, askAt);
        batch.Add("""
            insert into attempts (id, payment_id, seq, connection_id, provider, status, started_at, ask_at)
            values (@Id, @PaymentId, @Seq, @ConnectionId, @Provider, @Status, @Now, @AskAt)
            """, new
        {
            attempt.Id,
            PaymentId = paymentId,
            Seq = seq,
            ConnectionId = connection.Id,
            connection.Provider,
            Status = attempt.Status.ToWord(),
            Now = now,
            AskAt = askAt,
        });
        if (seq > 1)
        {
            batch.Add("update payments set provider = @Provider, connection_id = @ConnectionId where id = @PaymentId",
                new { connection.Provider, ConnectionId = connection.Id, PaymentId = paymentId });
        }
    }
}
