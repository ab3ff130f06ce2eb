using System.Data;
using System.Text.Json;
using Dapper;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Everything there is to say about one payment: for GET /api/payments/{id} and the page that answers "where is my money?".</summary>
internal sealed class ReadPaymentDetail
{
    // Of one moment: a payment that is not paid beside the event that paid it would be neither.
    public async Task<Detail?> RunAsync(TenantDb db, string id, CancellationToken cancellation)
    {
        using var lease = await db.LeaseAsync(cancellation);
        await using var connection = await lease.Source.OpenConnectionAsync(cancellation);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var read = await connection.QueryMultipleAsync(new("""
            select id, mode, amount_minor, currency, status, exception, dispute, received_minor, reserved_minor, refunded_minor, purpose, purpose_id,
                   description, payer_email, payer_name, provider, connection_id, route::text as route, metadata::text as metadata, capture_later,
                   created_at, expires_at, succeeded_at, (select link_id from checkout_sessions where payment_id = payments.id) as link_id
            from payments where id = @id;
            select a.id, a.connection_id, coalesce(c.name, a.connection_id) as connection_name, a.provider, a.status, a.provider_payment_id,
                   a.received_minor, a.received_currency, a.fee_minor, a.fee_currency, a.is_authorized, a.note, a.started_at, a.ask_at, a.asked
            from attempts a left join connections c on c.id = a.connection_id where a.payment_id = @id order by a.seq;
            select id, amount_minor, currency, status, provider_refund_id, reason, note, requested_by, created_at, ask_at
            from refunds where payment_id = @id order by created_at;
            select id, attempt_id, provider_dispute_id, amount_minor, currency, status, opened_at from disputes where payment_id = @id order by opened_at;
            select id, kind, detail, opened_at, closed_at, outcome from cases where payment_id = @id order by opened_at;
            select id, type, at, payload::text as payload, evidence from events where payment_id = @id order by id
            """, new { id }, moment, cancellationToken: cancellation));
        var payment = await read.ReadSingleOrDefaultAsync<PaymentRow>();
        // All of them, whether there is a payment or not: what is left unread would be canceled, by a connection of its own.
        var (attempts, refunds, disputes) = (await read.ReadAsync<AttemptRow>(), await read.ReadAsync<RefundRow>(), await read.ReadAsync<DisputeRow>());
        var (cases, events) = (await read.ReadAsync<CaseRow>(), await read.ReadAsync<EventRow>());
        return payment is null ? null : new(payment, attempts.AsList(), refunds.AsList(), disputes.AsList(), cases.AsList(), events.AsList());
    }

    internal sealed record Detail(
        PaymentRow Payment, IReadOnlyList<AttemptRow> Attempts, IReadOnlyList<RefundRow> Refunds, IReadOnlyList<DisputeRow> Disputes,
        IReadOnlyList<CaseRow> Cases, IReadOnlyList<EventRow> Events)
    {
        /// <summary>The verdict on each connection, as routing stored it.</summary>
        public IReadOnlyList<Domain.Routing.Verdict> Verdicts => JsonSerializer.Deserialize<List<Domain.Routing.Verdict>>(Payment.Route, Hosting.Json.Options) ?? [];

        /// <summary>What may still be refunded.</summary>
        public long RefundableMinor => Payment.Status is "succeeded" ? Payment.ReceivedMinor - Payment.ReservedMinor : 0;

        /// <summary>When the provider is asked next; null when nothing is awaited.</summary>
        public DateTimeOffset? AsksAt => Attempts.Select(a => a.AskAt).Concat(Refunds.Select(r => r.AskAt)).Where(at => at is not null).Min();
    }

    /// <param name="LinkId">The payment link that it came by; null for all others.</param>
    internal sealed record PaymentRow(
        string Id, string Mode, long AmountMinor, string Currency, string Status, string Exception, string Dispute, long ReceivedMinor, long ReservedMinor,
        long RefundedMinor, string Purpose, string? PurposeId, string Description, string? PayerEmail, string? PayerName, string? Provider,
        string? ConnectionId, string Route, string Metadata, bool CaptureLater, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? SucceededAt, string? LinkId);

    internal sealed record AttemptRow(
        string Id, string ConnectionId, string ConnectionName, string Provider, string Status, string? ProviderPaymentId, long? ReceivedMinor,
        string? ReceivedCurrency, long? FeeMinor, string? FeeCurrency, bool IsAuthorized, string? Note, DateTimeOffset StartedAt, DateTimeOffset? AskAt, int Asked);

    internal sealed record RefundRow(
        string Id, long AmountMinor, string Currency, string Status, string? ProviderRefundId, string? Reason, string? Note, string RequestedBy,
        DateTimeOffset CreatedAt, DateTimeOffset? AskAt);

    internal sealed record DisputeRow(string Id, string AttemptId, string ProviderDisputeId, long AmountMinor, string Currency, string Status, DateTimeOffset OpenedAt);

    internal sealed record CaseRow(string Id, string Kind, string Detail, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Outcome);

    internal sealed record EventRow(long Id, string Type, DateTimeOffset At, string Payload, string? Evidence);
}
