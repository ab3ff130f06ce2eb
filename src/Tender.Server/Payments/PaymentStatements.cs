using Tender.Domain.Ledger;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>The statements that write a change of one payment. They hold only if nobody was faster (payment_moved_on).</summary>
internal static class PaymentStatements
{
    /// <summary>Adds everything that differs between the two states; the first statement undoes the batch when another writer was faster.</summary>
    public static Batch AddChange(this Batch batch, StoredPayment before, StoredPayment after, DateTimeOffset now, PayerAction? shown = null)
    {
        batch.AddPayment(after, before.Payment.Version, now);

        foreach (var attempt in after.Payment.Attempts.Except(before.Payment.Attempts))
        {
            if (before.Payment.Attempts.Any(a => a.Id == attempt.Id)) batch.AddAttemptChange(attempt, attempt == after.Payment.Live ? shown : null, now);
        }

        foreach (var refund in after.Refunds.Except(before.Refunds)) batch.AddRefund(after, refund, now);
        foreach (var dispute in after.Disputes.Except(before.Disputes)) batch.AddDispute(after, dispute, now);
        foreach (var movement in PaymentMovements.Between(before, after)) batch.AddMovement(after.Id, movement, now);
        return batch;
    }

    /// <summary>Adds what the payer is shown, for an attempt that did not change otherwise: somebody else had noted the same.</summary>
    public static void AddShown(this Batch batch, Attempt attempt, PayerAction shown) =>
        batch.Add("update attempts set action = @Action::jsonb where id = @Id", new { attempt.Id, Action = StoredAction.Write(shown) });

    /// <summary>Adds a ledger movement; the same key can be written only once.</summary>
    public static void AddMovement(this Batch batch, string paymentId, Movement movement, DateTimeOffset now)
    {
        var line = 0;
        foreach (var entry in movement.Entries)
        {
            batch.Add("""
                insert into ledger_entries (movement, line, payment_id, account, amount_minor, currency, at)
                values (@Key, @Line, @PaymentId, @Account, @Minor, @Code, @Now)
                """, new { movement.Key, Line = ++line, PaymentId = paymentId, entry.Account, entry.Amount.Minor, entry.Amount.Currency.Code, Now = now });
        }
    }

    private static void AddPayment(this Batch batch, StoredPayment after, long decidedOn, DateTimeOffset now)
    {
        var payment = after.Payment;
        batch.Add("""
            update payments set status = @Status, exception = @Exception, dispute = @Dispute, was_closed = @WasClosed, received_minor = @Received,
                   reserved_minor = @Reserved, refunded_minor = @Refunded,
                   succeeded_at = case when @Status = 'succeeded' then coalesce(succeeded_at, @Now) end,
                   version = case when version = @DecidedOn then version + 1 else payment_moved_on(id) end
            where id = @Id
            """, new
        {
            payment.Id,
            Status = payment.Status.ToWord(),
            Exception = payment.Exception.ToWord(),
            Dispute = Domain.Disputes.DisputeTransitions.Of(after.Disputes.Select(d => d.Status)).ToWord(),
            payment.WasClosed,
            Received = payment.Received.Minor,
            Reserved = after.Refunds.Where(r => r.Reserves).Sum(r => r.Amount.Minor),
            Refunded = after.Refunds.Where(r => r.Status is RefundStatus.Succeeded).Sum(r => r.Amount.Minor),
            Now = now,
            DecidedOn = decidedOn,
        });
    }

    private static void AddAttemptChange(this Batch batch, Attempt attempt, PayerAction? shown, DateTimeOffset now)
    {
        var askAt = AskingTimes.First(attempt.Status, now);
        batch.Expect(WorkKind.Attempts, askAt);
        batch.Add("""
            update attempts set status = @Status, provider_payment_id = @ProviderPaymentId, received_minor = @ReceivedMinor,
                   received_currency = @ReceivedCurrency, is_authorized = @IsAuthorized, fee_minor = @FeeMinor,
                   fee_currency = @FeeCurrency, asked = 0, ask_at = @AskAt, action = coalesce(@Action::jsonb, action)
            where id = @Id
            """, new
        {
            attempt.Id,
            Status = attempt.Status.ToWord(),
            attempt.ProviderPaymentId,
            ReceivedMinor = attempt.Received?.Minor,
            ReceivedCurrency = attempt.Received?.Currency.Code,
            attempt.IsAuthorized,
            FeeMinor = attempt.Fee?.Minor,
            FeeCurrency = attempt.Fee?.Currency.Code,
            AskAt = askAt,
            Action = shown is null ? null : StoredAction.Write(shown),
        });
    }

    private static void AddRefund(this Batch batch, StoredPayment payment, Refund refund, DateTimeOffset now)
    {
        var askAt = AskingTimes.First(refund.Status, now);
        batch.Expect(WorkKind.Refunds, askAt);
        batch.Add("""
            insert into refunds (id, payment_id, attempt_id, connection_id, amount_minor, currency, status, provider_refund_id, requested_by, created_at, ask_at)
            values (@Id, @PaymentId, @AttemptId, @ConnectionId, @Minor, @Code, @Status, @ProviderRefundId, 'provider', @Now, @AskAt)
            on conflict (id) do update set status = excluded.status, provider_refund_id = excluded.provider_refund_id, ask_at = excluded.ask_at, asked = 0
            """, new
        {
            refund.Id,
            refund.PaymentId,
            refund.AttemptId,
            ConnectionId = payment.ConnectionOf(refund.AttemptId),
            refund.Amount.Minor,
            refund.Amount.Currency.Code,
            Status = refund.Status.ToWord(),
            refund.ProviderRefundId,
            Now = now,
            AskAt = askAt,
        });
    }

    private static void AddDispute(this Batch batch, StoredPayment payment, Domain.Disputes.Dispute dispute, DateTimeOffset now) =>
        batch.Add("""
            insert into disputes (id, payment_id, attempt_id, connection_id, provider_dispute_id, amount_minor, currency, status, opened_at)
            values (@Id, @PaymentId, @AttemptId, @ConnectionId, @ProviderDisputeId, @Minor, @Code, @Status, @Now)
            on conflict (id) do update set status = excluded.status
            """, new
        {
            dispute.Id,
            dispute.PaymentId,
            dispute.AttemptId,
            ConnectionId = payment.ConnectionOf(dispute.AttemptId),
            dispute.ProviderDisputeId,
            dispute.Amount.Minor,
            dispute.Amount.Currency.Code,
            Status = dispute.Status.ToWord(),
            Now = now,
        });
}
