using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Connections;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Refunds;

/// <summary>
/// Asks about refunds that are not settled. One the provider does not have is sent again with the same reference while the
/// provider still remembers it; after that it is only looked up, and a person decides.
/// </summary>
internal sealed class AskRefundsAgain(ReadConnections connections, ProviderGateway gateway, RecordReport record, RefundPayment send, TimeProvider time) : ITenantWork
{
    private const int AtOnceMax = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);

    // Stripe keeps idempotency keys at least 24 h (sheet A1); with a margin for a slow call.
    private static readonly TimeSpan ResendWithin = TimeSpan.FromHours(20);

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await db.QueryAsync<Due>("""
            update refunds set asked = asked + 1, ask_at = @until
            where id in (select id from refunds where ask_at <= @now order by ask_at limit @AtOnceMax for update skip locked)
            returning id, payment_id, connection_id, status, asked, created_at, reason
            """, new { now, until = now + Lease, AtOnceMax }, cancellation);
        foreach (var refund in due) await AboutAsync(db, refund, cancellation);
        return await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select min(ask_at) from refunds where ask_at is not null", null, cancellation);
    }

    private async Task AboutAsync(TenantDb db, Due due, CancellationToken cancellation)
    {
        var connection = (await connections.RunAsync(db, cancellation)).FirstOrDefault(c => c.Id == due.ConnectionId);
        var payment = await ReadPayment.RunAsync(db, due.PaymentId, cancellation);
        if (connection is null || payment is null) return;

        var refund = payment.Refunds.First(r => r.Id == due.Id);
        var attempt = payment.Payment.Attempts.First(a => a.Id == refund.AttemptId);
        var answer = await gateway.AskRefundsAsync(db, connection, payment.Lookup(attempt), cancellation);
        if (answer is ProviderAnswer.Reported { Reports: var reports })
        {
            var isThere = reports.OfType<RefundReport>().Any(r => r.Reference == refund.Id || r.ProviderRefundId == refund.ProviderRefundId);
            var after = await record.RunAsync(db, payment.Id, attempt.Id, reports, "question", cancellation);
            if (!isThere && refund.Status is (RefundStatus.Unknown or RefundStatus.Reserved) && time.GetUtcNow() - due.CreatedAt < ResendWithin)
            {
                await send.SendAsync(db, after!, refund, due.Reason, cancellation);
                return;
            }

            if (after!.DiffersFrom(payment)) return;
        }

        var next = AskingTimes.Next(Words.Parse<RefundStatus>(due.Status), due.Asked, time.GetUtcNow());
        await db.ExecuteAsync("update refunds set ask_at = @next where id = @Id and asked = @Asked", new { next, due.Id, due.Asked }, cancellation);
    }

    private sealed record Due(string Id, string PaymentId, string ConnectionId, string Status, int Asked, DateTimeOffset CreatedAt, string? Reason);
}
