using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>POST /api/payments/{id}/cancel: closes an open payment, first at its provider. One that is paid meanwhile stays paid.</summary>
internal sealed class CancelPayment(ReadConnections connections, ExpirePayments close)
{
    public async Task<Outcome> RunAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation)
    {
        if (await ReadPayment.RunAsync(db, id, cancellation) is not { } payment) return new Outcome.NotFound();
        if (payment.Payment.Status is PaymentStatus.Canceled) return new Outcome.Canceled(payment);
        if (payment.Payment.Status.IsClosed()) return new Outcome.Closed(payment.Payment.Status);

        await db.WriteAsync(new Batch().AddAudit(caller, "payment.cancel_requested", id), cancellation);
        var all = await connections.RunAsync(db, cancellation);
        if (!await close.CloseAsync(db, id, PaymentStatus.Canceled, CancelReason.Requested, all, cancellation)) return new Outcome.NotReached();
        var after = await ReadPayment.RunAsync(db, id, cancellation);
        return after!.Payment.Status is PaymentStatus.Canceled ? new Outcome.Canceled(after) : new Outcome.Closed(after.Payment.Status);
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Canceled(StoredPayment Payment) : Outcome;

        public sealed record NotFound : Outcome;

        /// <summary>It is closed already, or was paid while we asked.</summary>
        public sealed record Closed(PaymentStatus Status) : Outcome;

        public sealed record NotReached : Outcome;
    }
}
