using Tender.Domain.Amounts;

namespace Tender.Domain.Ledger;

/// <summary>One movement of money as balanced entries; debits are positive, credits negative, and they sum to nothing.</summary>
/// <param name="Key">Unique: the same movement can be written only once.</param>
public sealed record Movement(string Key, IReadOnlyList<Entry> Entries)
{
    /// <summary>Money came in at the provider.</summary>
    public static Movement Paid(string attemptId, string connectionId, Money received) =>
        Between($"{attemptId}:paid", AtProvider(connectionId), Accounts.Sales, received);

    /// <summary>The provider kept its fee.</summary>
    public static Movement Fee(string attemptId, string connectionId, Money fee) =>
        Between($"{attemptId}:fee", Accounts.Fees, AtProvider(connectionId), fee);

    /// <summary>Money went back to the payer.</summary>
    public static Movement Refunded(string refundId, string connectionId, Money amount) =>
        Between($"{refundId}:refunded", Accounts.Refunds, AtProvider(connectionId), amount);

    /// <summary>A refund that had been counted did not arrive; the money is back with us.</summary>
    public static Movement RefundReturned(string refundId, string connectionId, Money amount) =>
        Between($"{refundId}:returned", AtProvider(connectionId), Accounts.Refunds, amount);

    /// <summary>The bank withdrew the money while it is disputed.</summary>
    public static Movement Disputed(string disputeId, string connectionId, Money amount) =>
        Between($"{disputeId}:withdrawn", Accounts.Disputes, AtProvider(connectionId), amount);

    /// <summary>The dispute was won; the money is back.</summary>
    public static Movement DisputeWon(string disputeId, string connectionId, Money amount) =>
        Between($"{disputeId}:reinstated", AtProvider(connectionId), Accounts.Disputes, amount);

    private static string AtProvider(string connectionId) => $"provider:{connectionId}";

    private static Movement Between(string key, string debit, string credit, Money amount) =>
        amount.IsPositive
            ? new(key, [new(debit, amount), new(credit, new(-amount.Minor, amount.Currency))])
            : throw new BrokenRuleException($"movement {key} moves nothing");
}

/// <summary>One line of a movement.</summary>
public sealed record Entry(string Account, Money Amount);

/// <summary>The accounts that are not one connection's own.</summary>
public static class Accounts
{
    public const string Sales = "sales";
    public const string Fees = "provider_fees";
    public const string Refunds = "refunds";
    public const string Disputes = "disputes";
}
