using Tender.Domain.Disputes;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;

namespace Tender.Server.Payments;

/// <summary>A payment as it lies in the tenant's database, with all that can be applied to it.</summary>
internal sealed record StoredPayment(Payment Payment, PaymentTerms Terms, IReadOnlyList<Refund> Refunds, IReadOnlyList<Dispute> Disputes)
{
    public string Id => Payment.Id;

    /// <summary>True when all that came in has gone back.</summary>
    public bool IsFullyRefunded =>
        Payment.IsPaidInFull && Refunds.Where(r => r.Status is RefundStatus.Succeeded).Sum(r => r.Amount.Minor) >= Payment.Received.Minor;

    /// <summary>True when the seller has none of the money any more: all of it went back, or the payer's bank took it.</summary>
    public bool IsTakenBack => IsFullyRefunded || (Payment.IsPaidInFull && Disputes.Any(d => d.Status is DisputeStatus.Lost));

    /// <summary>True when anything that is stored differs.</summary>
    public bool DiffersFrom(StoredPayment other) =>
        Payment.Status != other.Payment.Status || Payment.WasClosed != other.Payment.WasClosed ||
        !Payment.Attempts.SequenceEqual(other.Payment.Attempts) || !Refunds.SequenceEqual(other.Refunds) || !Disputes.SequenceEqual(other.Disputes);

    /// <summary>The connection whose money an attempt's refunds and disputes are about.</summary>
    public string ConnectionOf(string attemptId) => Payment.Attempts.First(a => a.Id == attemptId).ConnectionId;

    /// <summary>What the provider is asked about, for one attempt.</summary>
    public PaymentLookup Lookup(Attempt attempt) =>
        new(attempt.Id, attempt.ProviderPaymentId, Terms.Presentation, Terms.StartedAt.GetValueOrDefault(attempt.Id, Terms.CreatedAt));
}

/// <summary>What was agreed when the payment was asked for; it never changes.</summary>
/// <param name="Purpose">The surface that asked: checkout, api.</param>
/// <param name="PurposeId">That surface's own record.</param>
/// <param name="StartedAt">When each attempt was sent, by its id.</param>
internal sealed record PaymentTerms(
    Mode Mode, string Purpose, string? PurposeId, string Description, string? PayerEmail, string? PayerName, Presentation Presentation,
    bool CaptureLater, string? ReturnTo, string? CancelTo, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, DateTimeOffset> StartedAt)
{
    /// <summary>The terms with one more attempt sent.</summary>
    public PaymentTerms Started(string attemptId, DateTimeOffset at) =>
        this with { StartedAt = new Dictionary<string, DateTimeOffset>(StartedAt) { [attemptId] = at } };
}
