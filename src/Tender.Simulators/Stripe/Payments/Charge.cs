using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>One try at taking money, good or bad.</summary>
internal sealed class Charge : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "charge";

    public required long Amount { get; init; }

    public long AmountCaptured { get; set; }

    public long AmountRefunded { get; set; }

    public long? ApplicationFeeAmount { get; set; }

    public string? BalanceTransaction { get; set; }

    public required BillingDetails BillingDetails { get; init; }

    public bool Captured { get; set; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public string? Customer { get; init; }

    public string? Description { get; init; }

    public string? Dispute { get; set; }

    public bool Disputed { get; set; }

    public string? FailureCode { get; set; }

    public string? FailureMessage { get; set; }

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? OnBehalfOf { get; init; }

    public JsonNode? Outcome { get; set; }

    public bool Paid { get; set; }

    public required string PaymentIntent { get; init; }

    public required string PaymentMethod { get; init; }

    public required JsonNode PaymentMethodDetails { get; init; }

    public string? ReceiptEmail { get; init; }

    public bool Refunded { get; set; }

    public required string Status { get; set; }

    public TransferTarget? TransferData { get; init; }

    public string? TransferGroup { get; init; }

    [Unseen]
    public required TestMethod Plan { get; init; }
}
