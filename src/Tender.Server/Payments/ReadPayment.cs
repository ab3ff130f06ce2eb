using System.Text.Json;
using System.Text.Json.Serialization;
using Tender.Domain.Amounts;
using Tender.Domain.Disputes;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Reads a payment with its attempts, refunds and disputes, in one statement.</summary>
internal static class ReadPayment
{
    private const string Select = """
        select p.id, p.mode, p.amount_minor, p.currency, p.status, p.was_closed, p.version, p.purpose, p.purpose_id, p.description, p.payer_email, p.payer_name,
               p.presentation, p.capture_later, p.return_to, p.cancel_to, p.created_at, p.expires_at, p.metadata::text as metadata,
               (select json_agg(a) from (
                  select id, connection_id, status, provider_payment_id, received_minor, received_currency, is_authorized, fee_minor, fee_currency, started_at
                  from attempts where payment_id = p.id order by seq) a)::text as attempts,
               (select json_agg(r) from (
                  select id, attempt_id, amount_minor, currency, status, provider_refund_id from refunds where payment_id = p.id order by created_at, id) r)::text as refunds,
               (select json_agg(d) from (
                  select id, attempt_id, provider_dispute_id, amount_minor, currency, status from disputes where payment_id = p.id order by opened_at, id) d)::text as disputes
        from payments p
        """;

    private static readonly JsonSerializerOptions Columns = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // A column that is forgotten must not read as nothing received.
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static async Task<StoredPayment?> RunAsync(TenantDb db, string id, CancellationToken cancellation) =>
        (await db.QuerySingleOrDefaultAsync<PaymentRow>($"{Select} where p.id = @id", new { id }, cancellation))?.ToPayment();

    /// <summary>The one that a provider's words are about: its own id for it goes before our reference.</summary>
    public static async Task<StoredPayment?> OfAttemptAsync(TenantDb db, string connectionId, string providerPaymentId, string reference, CancellationToken cancellation) =>
        (await db.QuerySingleOrDefaultAsync<PaymentRow>($"""
            {Select}
            where p.id = coalesce(
              (select payment_id from attempts where connection_id = @connectionId and provider_payment_id = @providerPaymentId),
              (select payment_id from attempts where connection_id = @connectionId and id = @reference))
            """, new { connectionId, providerPaymentId, reference }, cancellation))?.ToPayment();

    /// <summary>Whether there is such a payment for the caller: a test key does not reach a live payment, and the other way round.</summary>
    public static async Task<bool> IsOwnAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<string>("select mode from payments where id = @id", new { id }, cancellation) == caller.Mode.ToWord();

    private sealed record PaymentRow(
        string Id, string Mode, long AmountMinor, string Currency, string Status, bool WasClosed, long Version, string Purpose, string? PurposeId,
        string Description, string? PayerEmail, string? PayerName, string Presentation, bool CaptureLater, string? ReturnTo, string? CancelTo,
        DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Metadata, string? Attempts, string? Refunds, string? Disputes)
    {
        public StoredPayment ToPayment()
        {
            var (attempts, currency) = (Rows<AttemptRow>(Attempts), Domain.Amounts.Currency.Of(Currency));
            return new(
                new(Id, new(AmountMinor, currency), Words.Parse<PaymentStatus>(Status), [.. attempts.Select(a => a.ToAttempt(currency))], WasClosed, Version),
                ToTerms(attempts), [.. Rows<RefundRow>(Refunds).Select(r => r.ToRefund(Id))], [.. Rows<DisputeRow>(Disputes).Select(d => d.ToDispute(Id))]);
        }

        private static List<T> Rows<T>(string? json) => json is null ? [] : JsonSerializer.Deserialize<List<T>>(json, Columns)!;

        private PaymentTerms ToTerms(IEnumerable<AttemptRow> attempts) => new(
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
