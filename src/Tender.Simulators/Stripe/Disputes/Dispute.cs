using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Disputes;

/// <summary>A payer's bank asks for the money back, or asks only.</summary>
internal sealed class Dispute : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "dispute";

    public required long Amount { get; init; }

    public IReadOnlyList<object> BalanceTransactions { get; set; } = [];

    public required string Charge { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public IReadOnlyDictionary<string, string> Evidence { get; set; } = new Dictionary<string, string>();

    public required EvidenceDetails EvidenceDetails { get; set; }

    public bool IsChargeRefundable { get; set; }

    public bool Livemode { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public required string PaymentIntent { get; init; }

    public required string Reason { get; init; }

    public required string Status { get; set; }
}

/// <summary>Until when evidence is taken, and how often it was given.</summary>
internal sealed record EvidenceDetails(long DueBy, bool HasEvidence, bool PastDue, int SubmissionCount);
