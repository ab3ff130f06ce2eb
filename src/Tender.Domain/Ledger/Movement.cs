using Tender.Domain.Amounts;

namespace Tender.Domain.Ledger;

/// <summary>One movement of money as balanced entries; debits are positive, credits negative, and they sum to nothing.</summary>
/// <param name="Key">Unique: the same movement can be written only once.</param>
public sealed record Movement(string Key, IReadOnlyList<Entry> Entries)
{
    /// <summary>Money came in at the provider.</summary>
    /// <param name="before">What had come already, when this is more of it.</param>
    public static Movement Paid(string attemptId, string connectionId, Money received, Money? before = null) =>
        Between(Growing($"{attemptId}:paid", received, before), AtProvider(connectionId), Accounts.Sales, More(received, before));

    /// <summary>The provider kept its fee.</summary>
    /// <param name="before">What it had kept already.</param>
    public static Movement Fee(string attemptId, string connectionId, Money fee, Money? before = null) =>
        Between(Growing($"{attemptId}:fee", fee, before), Accounts.Fees, AtProvider(connectionId), More(fee, before));

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

    // Named by the sum it leads to, so that no order of reports writes one step twice.
    private static string Growing(string key, Money now, Money? before) => before is null ? key : $"{key}:{now.Minor}";

    private static Money More(Money now, Money? before) => before is { } had ? now - had : now;

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
