using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// Asks providers about every attempt that is not final. It only asks, and closes what must not be paid any more; it never
/// guesses and never starts anything.
/// </summary>
internal sealed partial class AskAgain(
    ReadConnections connections, ProviderGateway gateway, RecordReport record, Ids ids, TimeProvider time, ILogger<AskAgain> log) : ITenantWork
{
    private const int AtOnceMax = 20;
    private const int TriesBeforePerson = 50;

    /// <summary>Longer than any provider call may take, so that two nodes never ask the same at once.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);

    public Work Work => WorkKind.Attempts;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        while (await AskDueAsync(db, cancellation) is AtOnceMax)
        {
        }

        return await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select min(ask_at) from attempts where ask_at is not null", null, cancellation);
    }

    private async Task<int> AskDueAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await db.QueryAsync<Due>("""
            update attempts set asked = asked + 1, ask_at = @until
            where id in (select id from attempts where ask_at <= @now order by ask_at limit @AtOnceMax for update skip locked)
            returning id, payment_id, connection_id, status, asked
            """, new { now, until = now + Lease, AtOnceMax }, cancellation);
        if (due.Count is 0) return 0;

        var all = await connections.RunAsync(db, cancellation);
        await Task.WhenAll(due.Select(attempt => TryAsync(db, all.FirstOrDefault(c => c.Id == attempt.ConnectionId), attempt, cancellation)));
        return due.Count;
    }

    // One that cannot be recorded keeps none of the others waiting, and comes before a person like any that is not settled.
    private async Task TryAsync(TenantDb db, ConnectionRow? connection, Due due, CancellationToken cancellation)
    {
        try
        {
            await AboutAsync(db, connection, due, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(due.Id, e);
            await PutOffAsync(db, due, e.Message, cancellation);
        }
    }

    private async Task AboutAsync(TenantDb db, ConnectionRow? connection, Due due, CancellationToken cancellation)
    {
        if (connection is null || await ReadPayment.RunAsync(db, due.PaymentId, cancellation) is not { } payment)
        {
            await PutOffAsync(db, due, "its connection is gone", cancellation);
            return;
        }

        var attempt = payment.Payment.Attempts.First(a => a.Id == due.Id);
        var answer = await gateway.AskAsync(db, connection, payment.Lookup(attempt), cancellation);
        if (answer is ProviderAnswer.Reported { Reports: var said } && IsOpen(said) && MustNotBePaid(payment, attempt))
        {
            var lookup = payment.Lookup(attempt) with { ProviderPaymentId = said[0].ProviderPaymentId };
            answer = await gateway.CancelAsync(db, connection, lookup, CancelReason.TimeUp, cancellation);
        }

        switch (answer)
        {
            case ProviderAnswer.Reported { Reports: var reports }:
                var after = await record.RunAsync(db, payment.Id, due.Id, reports, "question", cancellation, known: payment);
                if (after is not null && !after.DiffersFrom(payment)) await PutOffAsync(db, due, null, cancellation);
                break;
            case ProviderAnswer.Refused { Retriable: true, Reason: "not found" }:
                await record.ChangeAsync(db, payment.Id, before => before with { Payment = before.Payment.Ended(due.Id, AttemptStatus.Declined) },
                    new("question", []), cancellation, known: payment);
                break;
            default:
                await PutOffAsync(db, due, Why(answer), cancellation);
                break;
        }
    }

    private async Task PutOffAsync(TenantDb db, Due due, string? why, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var next = AskingTimes.Next(Words.Parse<AttemptStatus>(due.Status), due.Asked, now);
        var batch = new Batch().Add("update attempts set ask_at = @next where id = @Id and asked = @Asked", new { next, due.Id, due.Asked });
        if (next is null || (why is not null && due.Asked >= TriesBeforePerson))
        {
            LogNeedsPerson(due.Id, due.Asked, why ?? "still open");
            Cases.OpenUnsettled(batch, due.PaymentId, why ?? "It is still open at the provider, and is not asked about any more.", ids, now);
        }

        await db.WriteAsync(batch, cancellation);
    }

    // Open at the provider although we have left it: another attempt took over, or the payment is closed or paid.
    private static bool MustNotBePaid(StoredPayment payment, Attempt attempt) =>
        attempt.Status is AttemptStatus.Abandoned || attempt.Id != payment.Payment.Live?.Id || payment.Payment.Status.IsClosed();

    private static bool IsOpen(IReadOnlyList<ProviderReport> reports) =>
        reports is [PaymentReport { Status: ReportedStatus.Pending or ReportedStatus.Declined or ReportedStatus.Authorized }, ..];

    private static string Why(ProviderAnswer answer) => answer switch
    {
        ProviderAnswer.Refused refused => refused.Reason,
        ProviderAnswer.NotReached missed => missed.Why,
        ProviderAnswer.Unknown unclear => unclear.Why,
        _ => "the answer made no sense here",
    };

    [LoggerMessage(101, LogLevel.Warning, "attempt {Attempt} is unsettled after {Tries} questions: {Why}")]
    private partial void LogNeedsPerson(string attempt, int tries, string why);

    [LoggerMessage(103, LogLevel.Error, "attempt {Attempt} could not be asked about")]
    private partial void LogFailed(string attempt, Exception exception);

    private sealed record Due(string Id, string PaymentId, string ConnectionId, string Status, int Asked);
}
