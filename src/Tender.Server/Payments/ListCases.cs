using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>What needs a person, the longest waiting first; or what was decided, the latest first.</summary>
public static class ListCases
{
    private const string Select = """
        select c.id, c.payment_id, c.kind, c.detail, c.opened_at, c.closed_at, c.outcome, c.closed_by,
               p.amount_minor, p.currency, p.status, p.received_minor, p.reserved_minor, p.payer_email
        from cases c left join payments p on p.id = c.payment_id
        """;

    internal static Task<IReadOnlyList<Row>> OpenAsync(TenantDb db, Mode mode, int limit, CancellationToken cancellation) =>
        db.QueryAsync<Row>($"""
            {Select} where c.closed_at is null and coalesce(p.mode, @Mode) = @Mode
            order by c.opened_at, c.id limit @limit
            """, new { Mode = mode.ToWord(), limit }, cancellation);

    internal static Task<IReadOnlyList<Row>> ClosedAsync(TenantDb db, Mode mode, int limit, CancellationToken cancellation) =>
        db.QueryAsync<Row>($"""
            {Select} where c.closed_at is not null and coalesce(p.mode, @Mode) = @Mode
            order by c.closed_at desc, c.id limit @limit
            """, new { Mode = mode.ToWord(), limit }, cancellation);

    internal static Task<IReadOnlyList<Row>> OpenOfAsync(TenantDb db, string paymentId, CancellationToken cancellation) =>
        db.QueryAsync<Row>($"{Select} where c.closed_at is null and c.payment_id = @paymentId order by c.opened_at", new { paymentId }, cancellation);

    internal static Task<Row?> OneAsync(TenantDb db, string id, Mode mode, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<Row>($"{Select} where c.id = @id and coalesce(p.mode, @Mode) = @Mode", new { id, Mode = mode.ToWord() }, cancellation);

    /// <summary>One case, and the payment it is about.</summary>
    public sealed record Row(
        string Id, string? PaymentId, string Kind, string Detail, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Outcome, string? ClosedBy,
        long? AmountMinor, string? Currency, string? Status, long? ReceivedMinor, long? ReservedMinor, string? PayerEmail)
    {
        /// <summary>What could be sent back to settle it; null where money going back would settle nothing, or none is left.</summary>
        public long? OfferedRefundMinor => Math.Min(Asked, Left) is > 0 and var minor ? minor : null;

        private long Left => Status is "succeeded" ? (ReceivedMinor ?? 0) - (ReservedMinor ?? 0) : 0;

        // Too much or twice: what is over, and not on its way back yet. Too little or in another currency: all of it, as long as it paid
        // for nothing. Too late, or for what had been paid before: all of it.
        private long Asked => Kind switch
        {
            "overpaid" or "duplicate" => Left - (AmountMinor ?? 0),
            "underpaid" or "mismatch" when ReceivedMinor < AmountMinor => Left,
            "late" or "paid_twice" => Left,
            _ => 0,
        };
    }
}
