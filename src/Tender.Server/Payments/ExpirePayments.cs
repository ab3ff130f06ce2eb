using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Events;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// Closes payments whose time is up: first at the provider, so that nobody can pay them any more, then here. Money that is
/// already on its way is left alone, and money that comes all the same still counts.
/// </summary>
internal sealed partial class ExpirePayments(
    ReadConnections connections, ProviderGateway gateway, RecordReport record, Ids ids, TimeProvider time, ILogger<ExpirePayments> log) : ITenantWork
{
    private const int AtOnceMax = 50;

    // A provider that gave no answer is asked again after this, not in a tight loop.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Work Work => WorkKind.Expiry;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = await connections.RunAsync(db, cancellation);
        var isLeft = false;
        IReadOnlyList<Due> due = [];
        do
        {
            // Those that could not be closed are left behind, not in front of the others.
            due = await DueAsync(db, now, due.Count is 0 ? null : due[^1], cancellation);
            foreach (var one in due) isLeft |= !await TryCloseAsync(db, one.Id, all, cancellation);
        }
        while (due.Count is AtOnceMax);

        var next = await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("""
            select min(expires_at) from payments where status in ('created', 'awaiting_payer') and expires_at > @now
            """, new { now }, cancellation);
        return isLeft && (next is null || next > now + Patience) ? now + Patience : next;
    }

    private static Task<IReadOnlyList<Due>> DueAsync(TenantDb db, DateTimeOffset now, Due? after, CancellationToken cancellation) => db.QueryAsync<Due>("""
        select id, expires_at from payments
        where status in ('created', 'awaiting_payer') and expires_at <= @now and (@AfterId::text is null or (expires_at, id) > (@ExpiresAt, @AfterId))
        order by expires_at, id limit @AtOnceMax
        """, new { now, AfterId = after?.Id, after?.ExpiresAt, AtOnceMax }, cancellation);

    // One that cannot be closed, whatever is wrong with it, keeps none of the others open.
    private async Task<bool> TryCloseAsync(TenantDb db, string id, IReadOnlyList<ConnectionRow> all, CancellationToken cancellation)
    {
        try
        {
            return await CloseAsync(db, id, PaymentStatus.Expired, CancelReason.TimeUp, all, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(id, e);
            return false;
        }
    }

    /// <summary>Closes one payment at its provider and here; false when the provider gave no answer yet.</summary>
    public async Task<bool> CloseAsync(
        TenantDb db, string paymentId, PaymentStatus how, CancelReason reason, IReadOnlyList<ConnectionRow> all, CancellationToken cancellation)
    {
        if (await ReadPayment.RunAsync(db, paymentId, cancellation) is not { } payment) return false;
        IReadOnlyList<ProviderReport> reports = [];
        var live = payment.Payment.Live;
        if (live is { MayStillBePaid: true } && all.FirstOrDefault(c => c.Id == live.ConnectionId) is { } connection && gateway.CanCancel(connection))
        {
            var answer = await gateway.CancelAsync(db, connection, payment.Lookup(live), reason, cancellation);
            if (answer is ProviderAnswer.NotReached or ProviderAnswer.Unknown) return false;
            // It can still be paid there. Time that is up closes it here all the same; a wish is told that it was not granted.
            if (answer is ProviderAnswer.Refused { Reason: not "not found" } && reason is CancelReason.Requested) return false;
            if (answer is ProviderAnswer.Reported { Reports: var said }) reports = said;
        }

        await record.ChangeAsync(db, paymentId, before =>
        {
            var after = live is null ? before : ApplyReports.To(before, live.Id, reports, ids);
            // The payer did their part meanwhile: the money is on its way, and the provider will say how it ends.
            return after.Payment.Status is PaymentStatus.Processing ? after : after with { Payment = after.Payment.Close(how).After };
        }, new("answer", reports), cancellation, known: payment);
        return true;
    }

    [LoggerMessage(102, LogLevel.Error, "the payment {Payment}, whose time is up, could not be closed")]
    private partial void LogFailed(string payment, Exception exception);

    private sealed record Due(string Id, DateTimeOffset ExpiresAt);
}
