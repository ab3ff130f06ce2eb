using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>Closes what of one conversation could still be paid beside one of its payments: when a newer link is made, and when it is paid.</summary>
internal sealed class CloseLinks(ReadConnections connections, ExpirePayments close, RecordReport record, TimeProvider time)
{
    /// <summary>The payments <c>o</c> that could still be paid for what the payment <c>p</c> is for.</summary>
    public const string OpenBeside = """
        from payments o where o.purpose = p.purpose and o.purpose_id = p.purpose_id and o.id <> p.id and o.status in ('created', 'awaiting_payer', 'processing')
        """;

    /// <summary>Closes those that were made before it; answers how one stands that cannot be closed any more: succeeded, processing. Then it is closed itself.</summary>
    public async Task<PaymentStatus?> BeforeAsync(TenantDb db, string paymentId, CancellationToken cancellation)
    {
        var older = await db.QueryAsync<string>($"""
            select older.id from payments p cross join lateral (select o.id {OpenBeside} and (o.created_at, o.id) < (p.created_at, p.id)) older where p.id = @paymentId
            """, new { paymentId }, cancellation);
        var paid = await CloseAsync(db, older, cancellation);
        if (paid is not null) await ItselfAsync(db, paymentId, cancellation);
        return paid;
    }

    /// <summary>Closes one that nobody is to be given.</summary>
    public async Task ItselfAsync(TenantDb db, string paymentId, CancellationToken cancellation) =>
        await CloseAsync(db, paymentId, await connections.RunAsync(db, cancellation), cancellation);

    /// <summary>Closes those; answers how one stands that cannot be closed any more.</summary>
    public async Task<PaymentStatus?> CloseAsync(TenantDb db, IReadOnlyList<string> open, CancellationToken cancellation)
    {
        if (open.Count is 0) return null;
        var all = await connections.RunAsync(db, cancellation);
        PaymentStatus? paid = null;
        foreach (var one in open) paid = await CloseAsync(db, one, all, cancellation) is var status and (PaymentStatus.Succeeded or PaymentStatus.Processing) ? status : paid;
        return paid;
    }

    private async Task<PaymentStatus> CloseAsync(TenantDb db, string paymentId, IReadOnlyList<ConnectionRow> all, CancellationToken cancellation)
    {
        // When its provider does not answer it is closed here, and there as soon as it does; should it be paid before, that is a case for a person.
        // Money that is on its way is left alone.
        if (!await close.CloseAsync(db, paymentId, PaymentStatus.Canceled, CancelReason.Requested, all, cancellation))
            await record.ChangeAsync(db, paymentId, before => before.Payment.Status is PaymentStatus.Processing ? before : before with { Payment = before.Payment.Close(PaymentStatus.Canceled).After },
                new("answer", []), cancellation, (batch, _) => AddAskedSoon(batch, paymentId));

        return (await ReadPayment.RunAsync(db, paymentId, cancellation))!.Payment.Status;
    }

    // As of one that was just begun: an old one would next be asked about in hours.
    private void AddAskedSoon(Batch batch, string paymentId)
    {
        var now = time.GetUtcNow();
        batch.Add("update attempts set asked = 0, ask_at = @now where payment_id = @paymentId and status in ('sent', 'unknown', 'pending')", new { paymentId, now });
        batch.Expect(WorkKind.Attempts, now);
    }
}
