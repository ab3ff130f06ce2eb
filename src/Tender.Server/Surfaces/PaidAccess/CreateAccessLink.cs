using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Npgsql;
using Tender.Domain.PaidAccess;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>
/// POST /api/payments/link: a fresh payment of a conversation's tier on the provider's own page. One that was open before is closed before anybody is
/// given the new one, so that nobody pays twice.
/// </summary>
internal sealed class CreateAccessLink(StartPayment start, CloseLinks closeLinks, SignedLinks links, Ids ids, TimeProvider time)
{
    /// <summary>The tier's code in a payment's metadata.</summary>
    public const string TierKey = "tender_tier";

    // Under the 24 h a provider's page lives at most, so that a repeated start asks for the same end.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(23);
    private const int TriesMax = 5;

    public async Task<Outcome> RunAsync(TenantDb db, Request request, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        if (call?.Resumes is { } resumes) return await ResumeAsync(db, resumes, call, cancellation);
        if (await Tiers.FindAsync(db, request.Tier, caller.Mode, cancellation) is not { } tier) return new Outcome.UnknownTier();
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            if (await Conversations.FindAsync(db, request.ConversationId, caller, cancellation) is not { } conversation) return new Outcome.UnknownConversation();
            if (await WhyNotAsync(db, conversation, cancellation) is { } refusal) return refusal;

            var asked = Asked(db, conversation, tier, request, caller);
            try
            {
                var started = await start.RunAsync(db, asked, cancellation, batch => AddTry(batch, conversation, asked.PaymentId, call), OnAnswer(conversation.Id, asked.PaymentId));
                return await GiveAsync(db, asked.PaymentId, started, cancellation);
            }
            catch (PostgresException e) when (Spending.WasSpent(e))
            {
                // Another link of the same conversation was made meanwhile, or it was paid: look again.
            }
        }

        return new Outcome.InProgress();
    }

    private async Task<Outcome> ResumeAsync(TenantDb db, string paymentId, IdempotentCall call, CancellationToken cancellation)
    {
        var payment = await ReadPayment.RunAsync(db, paymentId, cancellation);
        var started = await start.ResumeAsync(db, payment!, cancellation, OnAnswer(payment!.Terms.PurposeId!, paymentId));
        return await GiveAsync(db, paymentId, started, cancellation);
    }

    private static async Task<Outcome?> WhyNotAsync(TenantDb db, Conversations.Row conversation, CancellationToken cancellation) => conversation switch
    {
        { PaymentStatus: "paid" } => new Outcome.PaidAlready(),
        { PaymentId: { } newest } when await db.QuerySingleOrDefaultAsync<string>("select status from payments where id = @newest", new { newest }, cancellation) is "processing" => new Outcome.OnItsWay(),
        _ => null,
    };

    // Once it is known that this link is the newest, and before anybody is given it.
    private async Task<Outcome> GiveAsync(TenantDb db, string paymentId, Started started, CancellationToken cancellation)
    {
        var before = await closeLinks.BeforeAsync(db, paymentId, cancellation);
        if (before is PaymentStatus.Processing) return new Outcome.OnItsWay();
        if (before is PaymentStatus.Succeeded) return new Outcome.PaidAlready();
        if (started is not Started.AwaitingPayer) return OutcomeOf(started);

        // An older one may have been paid while the provider made this one; whoever closed it then, it was not there to be closed.
        var now = await db.QuerySingleOrDefaultAsync<Standing>("""
            select p.status, c.payment_status = 'paid' and c.payment_id <> p.id as is_paid_otherwise from payments p join conversations c on c.id = p.purpose_id where p.id = @paymentId
            """, new { paymentId }, cancellation);
        if (now is { IsPaidOtherwise: false } && !Words.Parse<PaymentStatus>(now.Status).IsClosed()) return OutcomeOf(started);
        await closeLinks.ItselfAsync(db, paymentId, cancellation);
        return now is { IsPaidOtherwise: true } ? new Outcome.PaidAlready() : new Outcome.InProgress();
    }

    private SumAsked Asked(TenantDb db, Conversations.Row conversation, Tiers.View tier, Request request, Caller caller)
    {
        var id = ids.New("pay", db.Tenant.Code);
        var metadata = new Dictionary<string, string> { ["tender_conversation"] = conversation.Id, ["tender_user"] = conversation.UserId, [TierKey] = tier.Code };
        if (tier is { PriceId: { } price, PriceConnectionId: { } keeper }) (metadata[StartPayment.PriceKey], metadata[StartPayment.PriceOfKey]) = (price, keeper);
        return new(
            id, caller.Mode, tier.Price, PaidAccessSlice.Purpose, conversation.Id, $"{tier.Name}: {conversation.Title}", request.CustomerEmail?.Trim(), request.CustomerName?.Trim(),
            Presentation.Hosted, CaptureLater: false, links.Access(id), links.Access(id), time.GetUtcNow() + Lifetime, metadata);
    }

    private void AddTry(Batch batch, Conversations.Row seen, string paymentId, IdempotentCall? call)
    {
        call?.Claim(batch, paymentId);
        var moved = ConversationTransitions.Next(Words.Parse<ConversationStatus>(seen.PaymentStatus), ConversationEvent.LinkMade)?.ToWord() ?? seen.PaymentStatus;
        batch.AddSpending("""
            update conversations set payment_status = @moved, payment_id = @paymentId, provider_session_id = null, updated_at = @Now
            where id = @Id and payment_status = @PaymentStatus and payment_id is not distinct from @SeenPaymentId
            """, new { seen.Id, seen.PaymentStatus, SeenPaymentId = seen.PaymentId, moved, paymentId, Now = time.GetUtcNow() });
    }

    // No answer to a repeat yet: whether this link is given to anybody is decided after those before it are closed.
    private static Action<Batch, Shown> OnAnswer(string conversationId, string paymentId) => (batch, shown) =>
        batch.Add("update conversations set provider_session_id = @ProviderPaymentId where id = @conversationId and payment_id = @paymentId",
            new { shown.ProviderPaymentId, conversationId, paymentId });

    private static Outcome OutcomeOf(Started started) => started switch
    {
        Started.AwaitingPayer { Shown: var shown } when Answer(shown) is { } link => new Outcome.Made(link),
        Started.AwaitingPayer or Started.Settled => new Outcome.NotStarted(new Started.NobodyAnswered("the provider gave no page to pay on")),
        _ => new Outcome.NotStarted(started),
    };

    private static Link? Answer(Shown shown) => shown.Action is PayerAction.Redirect { Page: var page } ? new(page.AbsoluteUri, shown.ProviderPaymentId) : null;

    private sealed record Standing(string Status, bool IsPaidOtherwise);

    /// <param name="Tier">The code of a tier.</param>
    /// <param name="CustomerEmail">Where the invoice goes.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Request(
        [Required, StringLength(100)] string ConversationId, [Required, StringLength(30)] string Tier, [PlainMailAddress, StringLength(254)] string? CustomerEmail,
        [StringLength(200)] string? CustomerName);

    /// <param name="Url">Where the payer is sent.</param>
    /// <param name="SessionId">The provider's own id of it.</param>
    public sealed record Link(string Url, string SessionId);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Made(Link Link) : Outcome;

        public sealed record UnknownConversation : Outcome;

        public sealed record UnknownTier : Outcome;

        public sealed record PaidAlready : Outcome;

        /// <summary>The payer has done their part of an older one, and its money is awaited.</summary>
        public sealed record OnItsWay : Outcome;

        /// <summary>So many links of the conversation are being made at once that this one is not.</summary>
        public sealed record InProgress : Outcome;

        /// <summary>Nobody could be asked for the sum.</summary>
        public sealed record NotStarted(Started Why) : Outcome;
    }
}
