using System.Text.Json.Serialization;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Refunds;

/// <summary>Money on its way back to a payer.</summary>
internal sealed class Refund : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "refund";

    public required long Amount { get; init; }

    public string? BalanceTransaction { get; set; }

    public required string Charge { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public object? DestinationDetails { get; init; }

    public string? FailureBalanceTransaction { get; set; }

    public string? FailureReason { get; set; }

    public required IReadOnlyDictionary<string, string> Metadata { get; set; }

    public required string PaymentIntent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PendingReason { get; set; }

    public string? Reason { get; init; }

    public required string Status { get; set; }
}
