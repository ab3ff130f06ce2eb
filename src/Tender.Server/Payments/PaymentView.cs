using System.Text.Json;
using Tender.Domain.Disputes;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;
using Tender.Domain.Routing;
using Tender.Server.Hosting;

namespace Tender.Server.Payments;

/// <summary>A payment in a list.</summary>
/// <param name="Amount">In the currency's minor unit, like every amount.</param>
/// <param name="Status">created, awaiting_payer, processing, succeeded, failed, canceled or expired.</param>
/// <param name="Exception">none, late, underpaid, overpaid, duplicate or mismatch: what a person has to look at.</param>
/// <param name="Dispute">none, open, won or lost.</param>
/// <param name="Purpose">Which surface asked: checkout, api.</param>
internal sealed record PaymentSummary(
    string Id, long Amount, string Currency, [WordsOf<PaymentStatus>] string Status, [WordsOf<PaymentException>] string Exception, [WordsOf<PaymentDispute>] string Dispute, long AmountReceived, long AmountRefunded, string Purpose,
    string Description, string? PayerEmail, string? PayerName, string? Provider, string? ConnectionId, DateTimeOffset CreatedAt, DateTimeOffset? SucceededAt);

/// <summary>One payment with everything that happened to it.</summary>
/// <param name="AmountRefundable">What can still be refunded.</param>
/// <param name="Route">The verdict on every connection, as it was decided when the payment began.</param>
internal sealed record PaymentView(
    string Id, [WordsOf<Mode>] string Mode, long Amount, string Currency, [WordsOf<PaymentStatus>] string Status, [WordsOf<PaymentException>] string Exception, [WordsOf<PaymentDispute>] string Dispute, long AmountReceived, long AmountRefunded,
    long AmountRefundable, string Purpose, string? PurposeId, string Description, string? PayerEmail, string? PayerName, string? Provider, string? ConnectionId,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? SucceededAt, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<Verdict> Route,
    IEnumerable<AttemptView> Attempts, IEnumerable<RefundView> Refunds, IEnumerable<DisputeView> Disputes, IEnumerable<CaseView> Cases, IEnumerable<EventView> Timeline);

/// <summary>One try to collect it.</summary>
/// <param name="Fee">What the provider kept, in FeeCurrency's minor unit; null until it says so.</param>
/// <param name="AskAt">When the provider is asked next; null when nothing is awaited.</param>
internal sealed record AttemptView(
    string Id, string ConnectionId, string Provider, [WordsOf<AttemptStatus>] string Status, string? ProviderPaymentId, long? AmountReceived, long? Fee, string? FeeCurrency, string? Note,
    DateTimeOffset StartedAt, DateTimeOffset? AskAt);

/// <summary>Money that went back.</summary>
internal sealed record RefundView(
    string Id, long Amount, string Currency, [WordsOf<RefundStatus>] string Status, string? ProviderRefundId, string? Reason, string? Note, DateTimeOffset CreatedAt);

/// <summary>Money that the payer's bank asks back.</summary>
/// <param name="AttemptId">The try whose money it is about.</param>
internal sealed record DisputeView(string Id, string AttemptId, string ProviderDisputeId, long Amount, string Currency, [WordsOf<DisputeStatus>] string Status, DateTimeOffset OpenedAt);

/// <summary>What a person is needed for.</summary>
internal sealed record CaseView(string Id, string Kind, string Detail, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Outcome);

/// <summary>One line of the payment's history.</summary>
internal sealed record EventView(long Id, string Type, DateTimeOffset At, JsonElement Payload);

/// <summary>A payment that was asked for.</summary>
/// <param name="Url">The provider's page, when the payer is sent there.</param>
/// <param name="ClientSecret">For the provider's form, when it is embedded.</param>
internal sealed record PaymentStarted(
    string Id, [WordsOf<PaymentStatus>] string Status, long Amount, string Currency, string? Provider, DateTimeOffset ExpiresAt, string? Url, string? ClientSecret, string? PublishableKey);

/// <summary>How a payment stands.</summary>
internal sealed record PaymentState(string Id, [WordsOf<PaymentStatus>] string Status);

/// <summary>How a payment stands, for the page that waits.</summary>
internal sealed record PaymentStatusOnly([WordsOf<PaymentStatus>] string Status);

/// <summary>A payment whose held money was taken.</summary>
internal sealed record PaymentCaptured(string Id, [WordsOf<PaymentStatus>] string Status, long AmountReceived);
