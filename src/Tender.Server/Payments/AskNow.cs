using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// Finds out whether a payment is paid by asking its provider; the caller's word counts for nothing. Safe to call any number
/// of times, from anywhere, before or after the webhook: all of them end in RecordReport.
/// </summary>
internal sealed class AskNow(ReadConnections connections, ProviderGateway gateway, RecordReport record)
{
    /// <summary>The payment as it stands after asking; <c>IsCertain</c> is false when the provider gave no answer.</summary>
    public async Task<(StoredPayment Payment, bool IsCertain)> RunAsync(TenantDb db, StoredPayment payment, CancellationToken cancellation)
    {
        if (payment.Payment.IsPaidInFull || payment.Payment.Live is not { } live) return (payment, true);
        if (await connections.FindAsync(db, live.ConnectionId, cancellation) is not { } connection) return (payment, true);

        var answer = await gateway.AskAsync(db, connection, payment.Lookup(live), cancellation);
        if (answer is ProviderAnswer.Reported { Reports: var reports })
            return ((await record.RunAsync(db, payment.Id, live.Id, reports, "answer", cancellation, known: payment))!, true);

        return (payment, answer is ProviderAnswer.Refused && live.Status is not AttemptStatus.Unknown);
    }
}
