using Tender.Domain.Disputes;
using Tender.Domain.PaidAccess;
using Tender.Server.Fulfilment;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>A paid conversation gets its order, its invoice and one API key, all in the settlement. A second payment gets nothing but a case: it goes back.</summary>
internal sealed class SettlePaidAccess(FulfilPayment fulfil, IssueKey issue, ReadPaidWith paidWith, Ids ids, TimeProvider time) : ISettlePurpose
{
    public string Purpose => PaidAccessSlice.Purpose;

    public async Task AddPaidAsync(Batch batch, TenantDb db, StoredPayment paid, CancellationToken cancellation)
    {
        var conversation = await Conversations.OneAsync(db, paid.Terms.PurposeId!, cancellation) ?? throw new Domain.BrokenRuleException($"payment {paid.Id} has no conversation");
        if (conversation.PaymentStatus is "paid" && conversation.PaymentId != paid.Id)
        {
            Cases.OpenPaidTwice(batch, paid.Id, $"{conversation.Title} had been paid before.", ids, time.GetUtcNow());
            AddOrder(batch, paid, ConversationEvent.ClosedUnpaid, time.GetUtcNow());
            return;
        }

        // Before its order: of two payments at once the second waits here, and then decides anew.
        var now = time.GetUtcNow();
        batch.Add("select settle_conversation(@Id, @PaymentId, @From, @now)", new
        {
            conversation.Id,
            PaymentId = paid.Id,
            From = ConversationTransitions.ChangedBy(ConversationEvent.Paid).Select(status => status.ToWord()).ToArray(),
            now,
        });
        AddOrder(batch, paid, ConversationEvent.Paid, now);
        // Before the invoice, which holds its series until the commit.
        await issue.AddAsync(batch, db, paid, conversation.UserId, now, cancellation);
        fulfil.Add(batch, new(
            db.Tenant, paid.Id, paid.Terms.Mode, paid.Payment.Amount, now, await paidWith.RunAsync(db, paid, cancellation),
            new(paid.Terms.PayerEmail, paid.Terms.PayerName ?? ""), [new(null, paid.Terms.Description, "api_key", 1, paid.Payment.Amount)]));
    }

    public void AddProcessing(Batch batch, StoredPayment payment)
    {
        var now = time.GetUtcNow();
        AddMove(batch, payment, ConversationEvent.Processing, now);
        AddOrder(batch, payment, ConversationEvent.Processing, now);
    }

    public void AddClosed(Batch batch, StoredPayment closed)
    {
        var now = time.GetUtcNow();
        AddMove(batch, closed, ConversationEvent.ClosedUnpaid, now);
        AddOrder(batch, closed, ConversationEvent.ClosedUnpaid, now);
    }

    public async Task AddTakenBackAsync(Batch batch, TenantDb db, StoredPayment payment, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        RevokeFulfilment.Add(batch, payment.Id, now);
        // A second payment of a conversation made no key, and a deleted key is gone already.
        if (await UserKeys.OfAsync(db, payment.Id, cancellation) is { RevokedAt: null }) issue.AddRevoked(batch, payment, payment.Disputes.Any(d => d.Status is DisputeStatus.Lost) ? "disputed" : "refunded", now);
    }

    // Of the newest try alone: how an older one ended says nothing about the conversation.
    private static void AddMove(Batch batch, StoredPayment payment, ConversationEvent what, DateTimeOffset now)
    {
        foreach (var from in ConversationTransitions.ChangedBy(what))
        {
            batch.Add("update conversations set payment_status = @To, updated_at = @now where id = @PurposeId and payment_id = @Id and payment_status = @From",
                new { To = ConversationTransitions.Next(from, what)!.Value.ToWord(), From = from.ToWord(), payment.Terms.PurposeId, payment.Id, now });
        }
    }

    // Made by what makes one, else changed where the table says so.
    private void AddOrder(Batch batch, StoredPayment payment, ConversationEvent what, DateTimeOffset now)
    {
        foreach (var next in Enum.GetValues<OrderStatus>().GroupBy(from => ConversationTransitions.Next(from, what)))
        {
            if (next.Key is { } to)
                batch.Add("update orders set status = @To, updated_at = @now where payment_id = @Id and status = any (@From)", new { payment.Id, To = to.ToWord(), From = next.Select(from => from.ToWord()).ToArray(), now });
        }

        if (ConversationTransitions.Next((OrderStatus?)null, what) is not { } first) return;
        batch.Add("""
            insert into orders (id, user_id, conversation_id, payment_id, provider_session_id, tier, amount_minor, currency, status, created_at, updated_at)
            select @Id, user_id, id, @PaymentId, case when payment_id = @PaymentId then coalesce(provider_session_id, @ProviderId) else @ProviderId end, @Tier, @Minor, @Code, @Status, @now, @now from conversations where id = @ConversationId
            on conflict (payment_id) do nothing
            """, new
        {
            Id = ids.New("ord", Ids.TenantOf(payment.Id)!),
            ConversationId = payment.Terms.PurposeId,
            PaymentId = payment.Id,
            ProviderId = payment.Payment.Attempts.LastOrDefault(a => a.ProviderPaymentId is not null)?.ProviderPaymentId,
            Tier = payment.Terms.Metadata[CreateAccessLink.TierKey],
            payment.Payment.Amount.Minor,
            payment.Payment.Amount.Currency.Code,
            Status = first.ToWord(),
            now,
        });
    }
}
