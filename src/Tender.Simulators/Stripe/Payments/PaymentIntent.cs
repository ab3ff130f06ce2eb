using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>A payment, as Stripe shows it (API 2026-07-29.dahlia).</summary>
internal sealed class PaymentIntent : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "payment_intent";

    public required long Amount { get; set; }

    public long AmountCapturable { get; set; }

    public long AmountReceived { get; set; }

    public long? ApplicationFeeAmount { get; set; }

    public AutomaticMethods? AutomaticPaymentMethods { get; init; }

    public long? CanceledAt { get; set; }

    public string? CancellationReason { get; set; }

    public required string CaptureMethod { get; init; }

    public required string ClientSecret { get; init; }

    public required string ConfirmationMethod { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; set; }

    public string? Customer { get; set; }

    public string? Description { get; set; }

    public JsonNode? LastPaymentError { get; set; }

    public string? LatestCharge { get; set; }

    public bool Livemode { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public object? NextAction { get; set; }

    public string? OnBehalfOf { get; init; }

    public string? PaymentMethod { get; set; }

    public required IReadOnlyList<string> PaymentMethodTypes { get; set; }

    public object? Processing { get; set; }

    public string? ReceiptEmail { get; set; }

    public string? SetupFutureUsage { get; set; }

    public string? StatementDescriptor { get; set; }

    public string? StatementDescriptorSuffix { get; set; }

    public required string Status { get; set; }

    public TransferTarget? TransferData { get; init; }

    public string? TransferGroup { get; set; }

    /// <summary>Where the payer goes after a page of the bank's.</summary>
    [Unseen]
    public string? ReturnUrl { get; set; }

    /// <summary>The session that made it: then only the session may end it.</summary>
    [Unseen]
    public string? Session { get; init; }

    /// <summary>When it was made, to the millisecond: search knows it some time later.</summary>
    [Unseen]
    public DateTimeOffset IndexedFrom { get; init; }

    [Unseen]
    public string? OpenChallenge { get; set; }
}

/// <summary>Whether the dashboard's methods are offered.</summary>
internal sealed record AutomaticMethods(string AllowRedirects, bool Enabled);

/// <summary>The connected account that the money goes on to.</summary>
internal sealed record TransferTarget(string Destination, long? Amount);
