using System.Text.Json.Serialization;
using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Refunds;

/// <summary>
/// POST /api/payments/{id}/refund: sends money back. The sum is reserved under the payment's version before the provider is
/// called, so however many ask at once, it never passes what was paid.
/// </summary>
internal sealed class RefundPayment(ReadConnections connections, ProviderGateway gateway, RecordReport record, Ids ids)
{
    public async Task<Outcome> RunAsync(
        TenantDb db, string paymentId, Request request, string requestedBy, CancellationToken cancellation, IdempotentCall? call = null,
        Action<Batch>? alsoReserving = null)
    {
        if (call?.Resumes is { } resumes) return await ResumeAsync(db, paymentId, resumes, request.Reason, cancellation);
        Outcome outcome = new Outcome.NotFound();
        Refund? reserved = null;
        var payment = await record.ChangeAsync(db, paymentId, before =>
        {
            (outcome, reserved) = Reserve(before, request);
            return reserved is null ? before : before with { Refunds = [.. before.Refunds, reserved] };
        }, new("request", []), cancellation, (batch, _) =>
        {
            if (reserved is null) return;
            batch.Add("update refunds set reason = @Reason, requested_by = @requestedBy where id = @Id", new { request.Reason, requestedBy, reserved.Id });
            batch.AddAudit(requestedBy, "payment.refund_requested", paymentId, new { Refund = reserved.Id, Amount = reserved.Amount.Minor, Currency = reserved.Amount.Currency.Code });
            alsoReserving?.Invoke(batch);
            call?.Claim(batch, reserved.Id);
        });
        return payment is null || reserved is null ? outcome : await SendAsync(db, payment, reserved, request.Reason, Sending.First, cancellation);
    }

    // The first try was cut off after the sum had been reserved: the same refund goes on, with the same reference.
    private async Task<Outcome> ResumeAsync(TenantDb db, string paymentId, string refundId, string? reason, CancellationToken cancellation)
    {
        var payment = await ReadPayment.RunAsync(db, paymentId, cancellation);
        var refund = payment?.Refunds.FirstOrDefault(r => r.Id == refundId);
        if (refund is null) return new Outcome.NotFound();
        return refund.Status is RefundStatus.Reserved or RefundStatus.Unknown ? await SendAsync(db, payment!, refund, reason, Sending.Resumed, cancellation) : new Outcome.Sent(refund);
    }

    /// <summary>Sends a reserved refund to the provider; repeating it is safe, its reference is the refund's id.</summary>
    public async Task<Outcome> SendAsync(TenantDb db, StoredPayment payment, Refund refund, string? reason, Sending sending, CancellationToken cancellation)
    {
        var attempt = payment.Payment.Attempts.First(a => a.Id == refund.AttemptId);
        var connection = (await connections.RunAsync(db, cancellation)).FirstOrDefault(c => c.Id == attempt.ConnectionId);
        var answer = connection is null
            ? new ProviderAnswer.Refused("the connection this payment came through is gone", false)
            : await gateway.RefundAsync(db, connection, new(refund.Id, attempt.ProviderPaymentId!, refund.Amount, reason), cancellation);

        switch (answer)
        {
            case ProviderAnswer.Reported { Reports: var reports }:
                return Sent(await record.RunAsync(db, payment.Id, attempt.Id, reports, "answer", cancellation), refund);
            case ProviderAnswer.Refused { Reason: var why } when sending is not Sending.Resumed:
                await MarkAsync(db, refund, RefundStatus.Failed, why, cancellation);
                return new Outcome.Refused(why);
            case ProviderAnswer.NotReached { Why: var why } when sending is Sending.First:
                await MarkAsync(db, refund, RefundStatus.Failed, why, cancellation);
                return new Outcome.NotReached(why);
            default:
                // It may have happened: the reservation stays until the provider says.
                return Sent(await MarkAsync(db, refund, RefundStatus.Unknown, "the provider's answer was lost; it is being asked", cancellation), refund);
        }
    }

    private (Outcome, Refund?) Reserve(StoredPayment before, Request request)
    {
        var (attempt, left) = before.Payment.Attempts
            .Where(a => a is { Status: AttemptStatus.Succeeded, Received: { } sum } && sum.Currency == before.Payment.Amount.Currency)
            .Select(a => (Attempt: a, Left: Refundable.Left(a.Received!.Value, before.Refunds.Where(r => r.AttemptId == a.Id))))
            .OrderByDescending(one => request.Amount is null || one.Left.Minor >= request.Amount).FirstOrDefault(one => one.Left.IsPositive);
        if (attempt is null) return before.Payment.Status is PaymentStatus.Succeeded ? (new Outcome.TooMuch(Money.Zero(before.Payment.Amount.Currency)), null) : (new Outcome.NotPaid(before.Payment.Status), null);
        var amount = request.Amount is { } minor ? left with { Minor = minor } : left;
        if (!amount.IsPositive || amount > left) return (new Outcome.TooMuch(left), null);
        return (new Outcome.NotFound(), new(ids.New("ref", Ids.TenantOf(before.Id)!), before.Id, attempt.Id, amount, RefundStatus.Reserved));
    }

    private Task<StoredPayment?> MarkAsync(TenantDb db, Refund refund, RefundStatus status, string note, CancellationToken cancellation) =>
        record.ChangeAsync(db, refund.PaymentId, before => before with
        {
            Refunds = [.. before.Refunds.Select(r => r.Id == refund.Id && r.Status < status ? r with { Status = status } : r)],
        }, new("answer", []), cancellation, (batch, _) => batch.Add("update refunds set note = @note where id = @Id", new { note, refund.Id }));

    private static Outcome.Sent Sent(StoredPayment? after, Refund refund) => new(after!.Refunds.First(r => r.Id == refund.Id));

    /// <param name="Amount">In the minor unit; all that is left when it is missing.</param>
    /// <param name="Reason">duplicate, fraudulent or requested_by_customer; passed to the provider.</param>
    // A misspelt "amount" must not become a refund of everything.
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Request([Sum] long? Amount, [OneOf("duplicate", "fraudulent", "requested_by_customer")] string? Reason);

    /// <summary>What is known of earlier sendings when a refund is sent: an uncertain one may have arrived, whatever a later one is told.</summary>
    public enum Sending
    {
        First,

        /// <summary>After a try that was cut off.</summary>
        Resumed,

        /// <summary>After the provider's own list said that it does not have it.</summary>
        NotThere,
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Sent(Refund Refund) : Outcome;

        public sealed record NotFound : Outcome;

        public sealed record NotPaid(PaymentStatus Status) : Outcome;

        public sealed record TooMuch(Domain.Amounts.Money Left) : Outcome;

        public sealed record Refused(string Reason) : Outcome;

        public sealed record NotReached(string Why) : Outcome;
    }
}
