using System.Text.Json;
using Dapper;
using Tender.Domain.Amounts;
using Tender.Domain.Disputes;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Reads a payment with its attempts, refunds and disputes, in one round trip.</summary>
internal static class ReadPayment
{
    public static async Task<StoredPayment?> RunAsync(TenantDb db, string id, CancellationToken cancellation)
    {
        using var lease = await db.LeaseAsync(cancellation);
        await using var connection = await lease.Source.OpenConnectionAsync(cancellation);
        await using var results = await connection.QueryMultipleAsync(new("""
            select id, mode, amount_minor, currency, status, was_closed, version, purpose, purpose_id, description, payer_email, payer_name,
                   presentation, capture_later, return_to, cancel_to, created_at, expires_at, metadata::text as metadata
            from payments where id = @id;
            select id, connection_id, status, provider_payment_id, received_minor, received_currency, is_authorized, fee_minor, fee_currency, started_at
            from attempts where payment_id = @id order by seq;
            select id, attempt_id, amount_minor, currency, status, provider_refund_id from refunds where payment_id = @id order by created_at, id;
            select id, attempt_id, provider_dispute_id, amount_minor, currency, status from disputes where payment_id = @id order by opened_at, id
            """, new { id }, cancellationToken: cancellation));

        if (await results.ReadSingleOrDefaultAsync<PaymentRow>() is not { } row) return null;
        var attempts = (await results.ReadAsync<AttemptRow>()).AsList();
        var refunds = await results.ReadAsync<RefundRow>();
        var disputes = await results.ReadAsync<DisputeRow>();

        var currency = Currency.Of(row.Currency);
        return new(
            new(row.Id, new(row.AmountMinor, currency), Words.Parse<PaymentStatus>(row.Status),
                [.. attempts.Select(a => a.ToAttempt(currency))], row.WasClosed, row.Version),
            row.ToTerms(attempts),
            [.. refunds.Select(r => r.ToRefund(row.Id))],
            [.. disputes.Select(d => d.ToDispute(row.Id))]);
    }

    /// <summary>Whether there is such a payment for the caller: a test key does not reach a live payment, and the other way round.</summary>
    public static async Task<bool> IsOwnAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<string>("select mode from payments where id = @id", new { id }, cancellation) == caller.Mode.ToWord();

    private sealed record PaymentRow(
        string Id, string Mode, long AmountMinor, string Currency, string Status, bool WasClosed, long Version, string Purpose, string? PurposeId,
        string Description, string? PayerEmail, string? PayerName, string Presentation, bool CaptureLater, string? ReturnTo, string? CancelTo,
        DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Metadata)
    {
        public PaymentTerms ToTerms(IEnumerable<AttemptRow> attempts) => new(
            Words.Parse<Mode>(Mode), Purpose, PurposeId, Description, PayerEmail, PayerName, Words.Parse<Presentation>(Presentation), CaptureLater,
            ReturnTo, CancelTo, CreatedAt, ExpiresAt, JsonSerializer.Deserialize<Dictionary<string, string>>(Metadata) ?? [],
            attempts.ToDictionary(a => a.Id, a => a.StartedAt));
    }

    private sealed record AttemptRow(
        string Id, string ConnectionId, string Status, string? ProviderPaymentId, long? ReceivedMinor, string? ReceivedCurrency, bool IsAuthorized,
        long? FeeMinor, string? FeeCurrency, DateTimeOffset StartedAt)
    {
        public Attempt ToAttempt(Currency own) => new(
            Id, ConnectionId, Words.Parse<AttemptStatus>(Status), ProviderPaymentId,
            Sum(ReceivedMinor, ReceivedCurrency, own), IsAuthorized, Sum(FeeMinor, FeeCurrency, own));

        private static Money? Sum(long? minor, string? currency, Currency own) =>
            minor is { } known ? new(known, currency is null ? own : Currency.Of(currency)) : null;
    }

    private sealed record RefundRow(string Id, string AttemptId, long AmountMinor, string Currency, string Status, string? ProviderRefundId)
    {
        public Refund ToRefund(string paymentId) => new(
            Id, paymentId, AttemptId, new(AmountMinor, Domain.Amounts.Currency.Of(Currency)), Words.Parse<RefundStatus>(Status), ProviderRefundId);
    }

    private sealed record DisputeRow(string Id, string AttemptId, string ProviderDisputeId, long AmountMinor, string Currency, string Status)
    {
        public Dispute ToDispute(string paymentId) => new(
            Id, paymentId, AttemptId, ProviderDisputeId, new(AmountMinor, Domain.Amounts.Currency.Of(Currency)), Words.Parse<DisputeStatus>(Status));
    }
}
