using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Prices;

/// <summary>What something costs, once and for all: only whether it is still sold can change.</summary>
internal sealed class Price : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "price";

    public required bool Active { get; set; }

    public string BillingScheme => "per_unit";

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public object? CustomUnitAmount => null;

    public required bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; set; }

    public string? Nickname { get; set; }

    public required string Product { get; init; }

    public object? Recurring => null;

    public string TaxBehavior => "unspecified";

    public string Type => "one_time";

    public required long UnitAmount { get; init; }

    public string UnitAmountDecimal => $"{UnitAmount}";

    [Unseen]
    public required string ProductName { get; init; }
}
