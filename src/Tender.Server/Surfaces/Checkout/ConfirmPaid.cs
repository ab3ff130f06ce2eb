using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>
/// Finds out whether a session is paid by asking the provider; the caller's word counts for nothing. Safe to call any number
/// of times, from anywhere, before or after the webhook: all of them end in RecordReport.
/// </summary>
internal sealed class ConfirmPaid(ReadConnections connections, ProviderGateway gateway, RecordReport record)
{
    /// <summary>The session as it stands after asking; <c>IsCertain</c> is false when the provider gave no answer.</summary>
    public async Task<(SessionState State, bool IsCertain)> RunAsync(TenantDb db, SessionState state, CancellationToken cancellation)
    {
        var payment = state.Payment;
        if (payment.Payment.IsPaidInFull || payment.Payment.Live is not { } live) return (state, true);
        if (await connections.FindAsync(db, live.ConnectionId, cancellation) is not { } connection) return (state, true);

        var answer = await gateway.AskAsync(db, connection, payment.Lookup(live), cancellation);
        if (answer is ProviderAnswer.Reported { Reports: var reports })
        {
            var after = await record.RunAsync(db, payment.Id, live.Id, reports, "answer", cancellation, known: payment);
            return (state with { Payment = after! }, true);
        }

        return (state, answer is ProviderAnswer.Refused && live.Status is not AttemptStatus.Unknown);
    }
}
