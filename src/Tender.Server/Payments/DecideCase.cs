using Tender.Domain.Amounts;
using Tender.Server.Audit;
using Tender.Server.Members;
using Tender.Server.Refunds;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>A person's decision on a case: it is settled, with a note; or the refund that it offers is made, and that settles it.</summary>
internal sealed class DecideCase(RefundPayment refund, TimeProvider time)
{
    public const int NoteCharsMax = 500;

    public async Task<Outcome> RunAsync(TenantDb db, string id, string note, bool acceptRefund, Caller caller, CancellationToken cancellation)
    {
        if (await ListCases.OneAsync(db, id, caller.Mode, cancellation) is not { } found) return new Outcome.NotFound();
        if (found.ClosedAt is not null) return new Outcome.ClosedBefore();
        if (!acceptRefund) return await CloseAsync(db, found, note, caller, cancellation) ? new Outcome.Closed() : new Outcome.ClosedBefore();
        if (found.OfferedRefundMinor is not { } minor) return new Outcome.NothingOffered();

        // Closed with the reservation: of two people who accept at once one refunds, and no crash closes it without.
        var sum = new Money(minor, Currency.Of(found.Currency!));
        var outcome = $"{sum} refunded. {note}".TrimEnd();
        RefundPayment.Outcome refunded;
        try
        {
            refunded = await refund.RunAsync(db, found.PaymentId!, new(minor, "requested_by_customer"), caller.Actor, cancellation,
                alsoReserving: batch => batch.AddSpending(CloseSql, Closing(found, outcome, caller)).AddAudit(caller, "case.closed", found.Id, new { found.Kind, Payment = found.PaymentId, Outcome = outcome }));
        }
        catch (Npgsql.PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.ClosedBefore();
        }

        switch (refunded)
        {
            case RefundPayment.Outcome.Sent:
                return new Outcome.Refunded(sum);
            case RefundPayment.Outcome.Refused { Reason: var why }:
                return await ReopenAsync(db, found, outcome, caller, $"the provider refused it: {why}");
            case RefundPayment.Outcome.NotReached:
                return await ReopenAsync(db, found, outcome, caller, "the provider was not reached");
            default:
                return await ReopenAsync(db, found, outcome, caller, "there is not as much left");
        }
    }

    private async Task<bool> CloseAsync(TenantDb db, ListCases.Row found, string outcome, Caller caller, CancellationToken cancellation)
    {
        try
        {
            await db.WriteAsync(new Batch().AddSpending(CloseSql, Closing(found, outcome, caller))
                .AddAudit(caller, "case.closed", found.Id, new { found.Kind, Payment = found.PaymentId, Outcome = outcome }), cancellation);
            return true;
        }
        catch (Npgsql.PostgresException e) when (Spending.WasSpent(e))
        {
            return false;
        }
    }

    private const string CloseSql = "update cases set closed_at = @Now, outcome = @Outcome, closed_by = @Actor where id = @Id and closed_at is null";

    private object Closing(ListCases.Row found, string outcome, Caller caller) => new { found.Id, Now = time.GetUtcNow(), Outcome = outcome, caller.Actor };

    // Whatever became of the request: the case must not look settled.
    private static async Task<Outcome> ReopenAsync(TenantDb db, ListCases.Row found, string outcome, Caller caller, string why)
    {
        var batch = new Batch().Add("""
            update cases c set closed_at = null, outcome = null, closed_by = null
            where id = @Id and outcome = @outcome
              and not exists (select from cases o where o.payment_id = c.payment_id and o.kind = c.kind and o.closed_at is null)
            """, new { found.Id, outcome });
        batch.AddAudit(caller, "case.reopened", found.Id, new { why });
        await db.WriteAsync(batch, CancellationToken.None);
        return new Outcome.NotRefunded(why);
    }

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Closed : Outcome;

        public sealed record Refunded(Money Sum) : Outcome;

        public sealed record NotFound : Outcome;

        public sealed record ClosedBefore : Outcome;

        public sealed record NothingOffered : Outcome;

        /// <summary>The case stays open.</summary>
        public sealed record NotRefunded(string Why) : Outcome;
    }
}
