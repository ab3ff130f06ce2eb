using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Server.Fulfilment;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// The one place where a stored payment changes. Whatever brings news (an answer, a webhook, a question of ours, the clock) ends
/// here: read, decide by the Domain's rules, and commit state, ledger, events and what was bought in one batch that holds only
/// if nobody was faster; else decide again on what they wrote.
/// </summary>
internal sealed class RecordReport(
    PaymentEvents events, CreditRefund credit, Locators locators, IEnumerable<ISettlePurpose> purposes, Ids ids, TimeProvider time)
{
    private const int TriesMax = 12;

    /// <summary>Applies proven reports about one attempt.</summary>
    /// <param name="source">Who brought it: answer, webhook, question.</param>
    /// <param name="also">Statements that must commit together with the change (an inbox row, an idempotent answer).</param>
    /// <param name="known">The payment as the caller just wrote or read it, to spare the read: a change holds only on the version it was decided on.</param>
    /// <param name="shown">What the payer is to be shown from now on.</param>
    public Task<StoredPayment?> RunAsync(
        TenantDb db, string paymentId, string attemptId, IReadOnlyList<ProviderReport> reports, string source, CancellationToken cancellation,
        Action<Batch, StoredPayment>? also = null, StoredPayment? known = null, PayerAction? shown = null) =>
        ChangeAsync(db, paymentId, before => ApplyReports.To(before, attemptId, reports, ids), new(source, reports, shown), cancellation, also, known);

    /// <summary>Applies any rule of the Domain to a stored payment and commits what follows from it.</summary>
    public async Task<StoredPayment?> ChangeAsync(
        TenantDb db, string paymentId, Func<StoredPayment, StoredPayment> decide, News news, CancellationToken cancellation,
        Action<Batch, StoredPayment>? also = null, StoredPayment? known = null)
    {
        for (var tries = 1; ; tries++)
        {
            var before = known ?? await ReadPayment.RunAsync(db, paymentId, cancellation);
            known = null;
            if (before is null) return null;

            var after = decide(before);
            var located = locators.AddAsync(db.Tenant, before, after, (news.Shown as PayerAction.Embed)?.ClientSecret, cancellation);
            var stating = StatementsAsync(db, before, after, news, cancellation);
            await Task.WhenAll(located, stating);
            var batch = await stating;
            also?.Invoke(batch, after);
            if (batch.Count is 0) return after;

            try
            {
                await db.WriteSharedAsync(batch, cancellation);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && tries < TriesMax)
            {
                continue;
            }

            return after.DiffersFrom(before) ? after with { Payment = after.Payment with { Version = before.Payment.Version + 1 } } : after;
        }
    }

    private async Task<Batch> StatementsAsync(TenantDb db, StoredPayment before, StoredPayment after, News news, CancellationToken cancellation)
    {
        var batch = new Batch();
        var now = time.GetUtcNow();
        if (after.DiffersFrom(before))
        {
            batch.AddChange(before, after, now, news.Shown);
            await FollowAsync(db, batch, before, after, cancellation);
            foreach (var (refund, credited) in NewlyCredited(before, after)) credit.Add(batch, after.Id, refund.Id, after.Terms.Mode, credited, now);
            Cases.AddChanges(batch, before, after, ids, now);
        }

        if (news.Shown is { } shown && after.Payment.Live is { } live && before.Payment.Attempts.Contains(live)) batch.AddShown(live, shown);
        events.Add(batch, before, after, news, now);
        return batch;
    }

    private async Task FollowAsync(TenantDb db, Batch batch, StoredPayment before, StoredPayment after, CancellationToken cancellation)
    {
        if (purposes.FirstOrDefault(p => p.Purpose == after.Terms.Purpose) is not { } purpose) return;
        if (after.Payment.IsPaidInFull && !before.Payment.IsPaidInFull) await purpose.AddPaidAsync(batch, db, after, cancellation);
        if (after.Payment.Status is PaymentStatus.Processing && before.Payment.Status is not PaymentStatus.Processing) purpose.AddProcessing(batch, after);
        if (after.IsTakenBack && !before.IsTakenBack) await purpose.AddTakenBackAsync(batch, db, after, cancellation);
        if (IsGivenUp(after) && !IsGivenUp(before)) purpose.AddClosed(batch, after);
    }

    private static bool IsGivenUp(StoredPayment payment) => payment.Payment.Status is PaymentStatus.Failed or PaymentStatus.Expired or PaymentStatus.Canceled;

    // What came beyond the invoice goes back first, and was never invoiced: only what is refunded after it is credited.
    private static IEnumerable<(Refund Refund, Money Credited)> NewlyCredited(StoredPayment before, StoredPayment after)
    {
        var uninvoiced = Math.Max(0, after.Payment.Received.Minor - after.Payment.Amount.Minor);
        var refunded = before.Refunds.Where(r => r.Status is RefundStatus.Succeeded).Sum(r => r.Amount.Minor);
        foreach (var refund in NewlyRefunded(before, after))
        {
            var credited = Math.Max(0, refunded + refund.Amount.Minor - uninvoiced) - Math.Max(0, refunded - uninvoiced);
            refunded += refund.Amount.Minor;
            if (credited > 0) yield return (refund, refund.Amount with { Minor = credited });
        }
    }

    private static IEnumerable<Refund> NewlyRefunded(StoredPayment before, StoredPayment after) =>
        after.Refunds.Where(r => r.Status is RefundStatus.Succeeded && before.Refunds.FirstOrDefault(b => b.Id == r.Id)?.Status is not RefundStatus.Succeeded);
}

/// <summary>Who brought the news, and what they said.</summary>
/// <param name="Shown">What the payer is to be shown from now on.</param>
internal sealed record News(string Source, IReadOnlyList<ProviderReport> Reports, PayerAction? Shown = null);

/// <summary>What a surface writes when the payment it asked for is paid in full, in the transaction that says so.</summary>
internal interface ISettlePurpose
{
    /// <summary>The purpose it settles: checkout.</summary>
    string Purpose { get; }

    /// <summary>Adds what the payer gets; reads what it needs first. It may run again when another writer was faster.</summary>
    Task AddPaidAsync(Batch batch, TenantDb db, StoredPayment paid, CancellationToken cancellation);

    /// <summary>Adds what follows when the payer has done their part, and the money is on its way.</summary>
    void AddProcessing(Batch batch, StoredPayment payment)
    {
    }

    /// <summary>Adds what follows when the money is gone again: all of it was refunded, or a dispute was lost.</summary>
    Task AddTakenBackAsync(Batch batch, TenantDb db, StoredPayment payment, CancellationToken cancellation);

    /// <summary>Adds what follows when the payment closed without money: held stock goes back.</summary>
    void AddClosed(Batch batch, StoredPayment closed);
}
