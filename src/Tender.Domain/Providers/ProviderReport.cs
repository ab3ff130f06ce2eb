using Tender.Domain.Amounts;

namespace Tender.Domain.Providers;

/// <summary>A fact a provider stated, proven (verified webhook or its own API) and translated into our words.</summary>
/// <param name="ProviderPaymentId">The provider's id of the payment the fact is about.</param>
/// <param name="OccurredAt">When it happened, by the provider's clock.</param>
/// <param name="Evidence">The raw answer or event it was read from, secrets struck out.</param>
public abstract record ProviderReport(string ProviderPaymentId, DateTimeOffset OccurredAt, string? Evidence);

/// <summary>Where a payment stands at the provider.</summary>
/// <param name="Reference">Our attempt's id, when the provider echoes it.</param>
/// <param name="Received">What was taken, once money moved; null before.</param>
/// <param name="Fee">The provider's fee, when it says so.</param>
/// <param name="Note">A short reason for people: why a card was declined, what is awaited.</param>
public sealed record PaymentReport(
    string? Reference, string ProviderPaymentId, ReportedStatus Status, Money? Received, Money? Fee, DateTimeOffset OccurredAt,
    string? Note = null, string? Evidence = null) : ProviderReport(ProviderPaymentId, OccurredAt, Evidence);

/// <summary>Where a refund stands at the provider; also refunds made in the provider's own dashboard.</summary>
/// <param name="Reference">Our refund's id, when the provider echoes it.</param>
public sealed record RefundReport(
    string? Reference, string ProviderPaymentId, string ProviderRefundId, ReportedRefundStatus Status, Money Amount, DateTimeOffset OccurredAt,
    string? Note = null, string? Evidence = null) : ProviderReport(ProviderPaymentId, OccurredAt, Evidence);

/// <summary>Where a dispute stands at the provider.</summary>
public sealed record DisputeReport(
    string ProviderPaymentId, string ProviderDisputeId, ReportedDisputeStatus Status, Money Amount, DateTimeOffset OccurredAt,
    string? Note = null, string? Evidence = null) : ProviderReport(ProviderPaymentId, OccurredAt, Evidence);

/// <summary>A provider's word on a payment, in ours.</summary>
public enum ReportedStatus
{
    /// <summary>The provider knows nothing, or will not say.</summary>
    Unknown,

    /// <summary>Waiting for the payer.</summary>
    Pending,

    /// <summary>One try by the payer was declined; the payment is still open for another.</summary>
    Declined,

    /// <summary>The payer did their part; the money is on its way.</summary>
    Processing,

    /// <summary>The money is held for us and waits for a capture.</summary>
    Authorized,

    /// <summary>Finally failed at the provider.</summary>
    Failed,

    /// <summary>The provider closed it because its time was up.</summary>
    Expired,

    /// <summary>The provider closed it because somebody asked for that.</summary>
    Canceled,

    /// <summary>The money is ours.</summary>
    Succeeded,
}

/// <summary>A provider's word on a refund, in ours.</summary>
public enum ReportedRefundStatus
{
    Pending,
    Succeeded,
    Canceled,
    Failed,
}

/// <summary>A provider's word on a dispute, in ours.</summary>
public enum ReportedDisputeStatus
{
    /// <summary>A question by the bank; no money moved.</summary>
    Inquiry,
    Open,
    Lost,
    Won,
}
