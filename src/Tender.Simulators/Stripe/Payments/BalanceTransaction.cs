using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>A movement on the account's balance, with what Stripe keeps of it.</summary>
internal sealed record BalanceTransaction(
    string Id,
    long Amount,
    long AvailableOn,
    long Created,
    string Currency,
    long Fee,
    IReadOnlyList<FeeDetail> FeeDetails,
    string ReportingCategory,
    string Source,
    string Type) : IStripeObject
{
    public string Object => "balance_transaction";

    public string? Description => null;

    public decimal? ExchangeRate => null;

    public long Net => Amount - Fee;

    public string Status => "pending";
}

/// <summary>One part of a fee.</summary>
internal sealed record FeeDetail(long Amount, string? Application, string Currency, string Description, string Type);
