using System.Text.Json.Serialization;
using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>POST /api/payments/{id}/capture: takes money that is held, in part or whole.</summary>
internal sealed class CapturePayment(ReadConnections connections, ProviderGateway gateway, RecordReport record, TimeProvider time)
{
    public async Task<Outcome> RunAsync(TenantDb db, string id, Request request, Caller caller, CancellationToken cancellation)
    {
        if (await ReadPayment.RunAsync(db, id, cancellation) is not { } payment) return new Outcome.NotFound();
        if (payment.IsFullyRefunded) return new Outcome.SentBack();
        if (payment.Payment.Status is PaymentStatus.Succeeded) return new Outcome.Captured(payment);
        if (payment.Payment.Live is not { IsAuthorized: true, Status: AttemptStatus.Pending } live) return new Outcome.NotHeld(payment.Payment.Status);

        var amount = request.Amount is { } minor ? new Money(minor, payment.Payment.Amount.Currency) : payment.Payment.Amount;
        if (amount > payment.Payment.Amount) return new Outcome.TooMuch(payment.Payment.Amount);
        if (await connections.FindAsync(db, live.ConnectionId, cancellation) is not { } connection) return new Outcome.Refused("its connection is gone");

        await db.WriteAsync(new Batch().AddAudit(caller, "payment.capture_requested", id, new { Amount = amount.Minor, Currency = amount.Currency.Code }), cancellation);
        return await gateway.CaptureAsync(db, connection, payment.Lookup(live), amount, cancellation) switch
        {
            ProviderAnswer.Reported { Reports: var reports } =>
                new Outcome.Captured((await record.RunAsync(db, id, live.Id, reports, "answer", cancellation))!),
            ProviderAnswer.Refused { Reason: var reason } => new Outcome.Refused(reason),
            ProviderAnswer.NotReached { Why: var why } => new Outcome.NotReached(why),

            _ => await AskedAboutAsync(db, live, cancellation),
        };
    }

    // It may have been taken: the provider is asked at once, and the caller reads the payment again.
    private async Task<Outcome> AskedAboutAsync(TenantDb db, Attempt live, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var batch = new Batch().Add("update attempts set asked = 0, ask_at = @now where id = @Id", new { live.Id, now });
        batch.Expect(WorkKind.Attempts, now);
        await db.WriteAsync(batch, cancellation);
        return new Outcome.NotReached("the provider's answer was lost; it is being asked");
    }

    /// <param name="Amount">In the minor unit; all of it when missing. What is not captured is released.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Request([Sum] long? Amount);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Captured(StoredPayment Payment) : Outcome;

        public sealed record NotFound : Outcome;

        public sealed record NotHeld(PaymentStatus Status) : Outcome;

        /// <summary>It was taken, and is with the payer again.</summary>
        public sealed record SentBack : Outcome;

        public sealed record TooMuch(Money Most) : Outcome;

        public sealed record Refused(string Reason) : Outcome;

        public sealed record NotReached(string Why) : Outcome;
    }
}
