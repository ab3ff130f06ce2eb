using Tender.Server.Payments;
using Tender.Server.Sellers;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>A session with its payment, and what the payer was last shown.</summary>
internal sealed record SessionState(SessionRow Session, StoredPayment Payment, string? Action, string? Provider)
{
    /// <summary>The payer's words for where it stands: open, processing, paid, failed, expired, canceled.</summary>
    public string Status => Payment.Payment switch
    {
        { IsPaidInFull: true } => "paid",
        { Status: Domain.Payments.PaymentStatus.Succeeded } => "processing",
        { Status: Domain.Payments.PaymentStatus.Processing } => "processing",
        { Status: Domain.Payments.PaymentStatus.Failed } => "failed",
        { Status: Domain.Payments.PaymentStatus.Expired } => "expired",
        { Status: Domain.Payments.PaymentStatus.Canceled } => "canceled",
        _ => "open",
    };
}

/// <summary>What the session offers.</summary>
/// <param name="ProductId">Null for a sum that is no product.</param>
/// <param name="SellerName">As the payer knows the merchant.</param>
/// <param name="LinkId">The payment link that it came by; null for a merchant's own site.</param>
internal sealed record SessionRow(
    string Id, string PaymentId, string? ProductId, string ProductName, string ProductKind, int Quantity, long UnitMinor, long AmountMinor, string Currency,
    string CustomerEmail, string CustomerName, string? SuccessUrl, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool StockHeld,
    string SellerName, string? LinkId, string? LinkCode);

/// <summary>Reads a session.</summary>
internal static class ReadSession
{
    public static async Task<SessionState?> RunAsync(TenantDb db, string sessionId, CancellationToken cancellation)
    {
        var session = await RowAsync(db, sessionId, cancellation);
        if (session is null || await ReadPayment.RunAsync(db, session.PaymentId, cancellation) is not { } payment) return null;
        var shown = await db.QuerySingleOrDefaultAsync<ShownRow>(
            "select action::text as action, provider from attempts where id = @Id", new { payment.Payment.Live?.Id }, cancellation);
        return new(session, payment, shown?.Action, shown?.Provider);
    }

    public static Task<SessionRow?> RowAsync(TenantDb db, string sessionId, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<SessionRow>($"""
            select id, payment_id, product_id, product_name, product_kind, quantity, unit_minor, amount_minor, currency, customer_email, customer_name,
                   success_url, created_at, expires_at, stock_held, {ReadSeller.Name} as seller_name, link_id,
                   (select code from payment_links l where l.id = link_id) as link_code
            from checkout_sessions where id = @sessionId
            """, new { sessionId, TenantName = db.Tenant.Name }, cancellation);

    private sealed record ShownRow(string? Action, string Provider);
}
