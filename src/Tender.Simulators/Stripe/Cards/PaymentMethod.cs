using System.Text.Json.Serialization;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Cards;

/// <summary>A payer's means of paying, as Stripe shows it.</summary>
internal sealed class PaymentMethod : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "payment_method";

    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CardFace? Card { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BankAccountFace? UsBankAccount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BankFace? Ideal { get; init; }

    public BillingDetails BillingDetails { get; init; } = new(null, null, null);

    public required long Created { get; init; }

    public string? Customer { get; init; }

    public bool Livemode { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What it will do; never shown.</summary>
    [Unseen]
    public required TestMethod Plan { get; init; }
}

/// <summary>What Stripe shows of a card.</summary>
internal sealed record CardFace(string Brand, string Last4, int ExpMonth, int ExpYear, string Country, string Funding, string Fingerprint)
{
    public CardChecks Checks { get; } = new("pass", null, null);
}

/// <summary>What the bank said of the card's details.</summary>
internal sealed record CardChecks(string CvcCheck, string? AddressLine1Check, string? AddressPostalCodeCheck);

/// <summary>What Stripe shows of a bank account.</summary>
internal sealed record BankAccountFace(string BankName, string Last4, string AccountHolderType, string RoutingNumber);

/// <summary>What Stripe shows of a bank that was paid through.</summary>
internal sealed record BankFace(string Bank);

/// <summary>Who pays, as typed.</summary>
internal sealed record BillingDetails(string? Name, string? Email, string? Phone);
