using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Payments;

namespace Tender.Simulators.Stripe.Ledger;

/// <summary>Every movement of money of one account, in order: the truth that an auditor compares with.</summary>
internal sealed class LedgerBook
{
    private readonly List<Movement> movements = [];

    public IReadOnlyList<Movement> Movements => movements;

    public void Write(Scene scene, Movement movement) => movements.Add(movement with { Number = movements.Count + 1, At = scene.Now });

    public void Restore(IEnumerable<Movement> kept) => movements.AddRange(kept);

    /// <summary>What each side holds after all movements, by currency; their sum is nothing.</summary>
    public IEnumerable<object> Balances() => movements
        .SelectMany(movement => new[] { (Side: movement.From, movement.Currency, Amount: -movement.Amount), (Side: movement.To, movement.Currency, movement.Amount) })
        .GroupBy(entry => (entry.Side, entry.Currency))
        .Select(group => new { group.Key.Side, group.Key.Currency, Amount = group.Sum(entry => entry.Amount) })
        .OrderBy(balance => balance.Side, StringComparer.Ordinal);
}

/// <summary>One movement from one side to another; the amount is always positive.</summary>
internal sealed record Movement
{
    public int Number { get; init; }

    public long At { get; init; }

    public string Kind { get; init; } = "";

    public required string PaymentIntent { get; init; }

    public required string Charge { get; init; }

    public string? Refund { get; init; }

    public string? Dispute { get; init; }

    public long Amount { get; init; }

    public required string Currency { get; init; }

    public string From { get; init; } = "";

    public string To { get; init; } = "";

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public static Movement About(PaymentIntent intent, string charge) =>
        new() { PaymentIntent = intent.Id, Charge = charge, Currency = intent.Currency, Metadata = intent.Metadata };
}
