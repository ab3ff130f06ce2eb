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
internal sealed partial class AskRefundsAgain(
    ReadConnections connections, ProviderGateway gateway, RecordReport record, RefundPayment send, Ids ids, TimeProvider time, ILogger<AskRefundsAgain> log) : ITenantWork
{
    private const int AtOnceMax = 20;
    private const int TriesBeforePerson = 50;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);

    // Stripe keeps idempotency keys at least 24 h (sheet A1); with a margin for a slow call.
    private static readonly TimeSpan ResendWithin = TimeSpan.FromHours(20);

    public Work Work => WorkKind.Refunds;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await db.QueryAsync<Due>("""
            update refunds set asked = asked + 1, ask_at = @until
            where id in (select id from refunds where ask_at <= @now order by ask_at limit @AtOnceMax for update skip locked)
            returning id, payment_id, connection_id, status, asked, created_at, reason
            """, new { now, until = now + Lease, AtOnceMax }, cancellation);
        await Task.WhenAll(due.Select(refund => TryAsync(db, refund, cancellation)));
        return await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select min(ask_at) from refunds where ask_at is not null", null, cancellation);
    }

    // One that cannot be recorded keeps none of the others waiting.
    private async Task TryAsync(TenantDb db, Due due, CancellationToken cancellation)
    {
        try
        {
            await AboutAsync(db, due, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(due.Id, e);
            await PutOffAsync(db, due, e.Message, cancellation);
        }
    }

    private async Task AboutAsync(TenantDb db, Due due, CancellationToken cancellation)
    {
        var connection = (await connections.RunAsync(db, cancellation)).FirstOrDefault(c => c.Id == due.ConnectionId);
        var payment = await ReadPayment.RunAsync(db, due.PaymentId, cancellation);
        if (connection is null || payment is null)
        {
            await PutOffAsync(db, due, "its connection is gone", cancellation);
            return;
        }

        var refund = payment.Refunds.First(r => r.Id == due.Id);
        var attempt = payment.Payment.Attempts.First(a => a.Id == refund.AttemptId);
        var answer = await gateway.AskRefundsAsync(db, connection, payment.Lookup(attempt), cancellation);
        if (answer is ProviderAnswer.Reported { Reports: var reports })
        {
            var isThere = reports.OfType<RefundReport>().Any(r => r.Reference == refund.Id || r.ProviderRefundId == refund.ProviderRefundId);
            var after = await record.RunAsync(db, payment.Id, attempt.Id, reports, "question", cancellation);
            if (!isThere && refund.Status is (RefundStatus.Unknown or RefundStatus.Reserved) && time.GetUtcNow() - due.CreatedAt < ResendWithin)
            {
                await send.SendAsync(db, after!, refund, due.Reason, RefundPayment.Sending.NotThere, cancellation);
                return;
            }

            if (after!.DiffersFrom(payment)) return;
        }

        await PutOffAsync(db, due, "the provider does not say how it stands", cancellation);
    }

    private async Task PutOffAsync(TenantDb db, Due due, string why, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var next = AskingTimes.Next(Words.Parse<RefundStatus>(due.Status), due.Asked, now);
        var batch = new Batch().Add("update refunds set ask_at = @next where id = @Id and asked = @Asked", new { next, due.Id, due.Asked });
        if (due.Status is not "succeeded" && (next is null || due.Asked is TriesBeforePerson)) Cases.OpenUnsettled(batch, due.PaymentId, $"The refund {due.Id}: {why}.", ids, now);
        await db.WriteAsync(batch, cancellation);
    }

    [LoggerMessage(401, LogLevel.Error, "the refund {Refund} could not be asked about")]
    private partial void LogFailed(string refund, Exception exception);

    private sealed record Due(string Id, string PaymentId, string ConnectionId, string Status, int Asked, DateTimeOffset CreatedAt, string? Reason);
}
