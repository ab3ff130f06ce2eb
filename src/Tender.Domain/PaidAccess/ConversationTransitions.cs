namespace Tender.Domain.PaidAccess;

/// <summary>Whether what a conversation costs has been paid.</summary>
public enum ConversationStatus
{
    Unpaid,
    Pending,
    Paid,
    Failed,
}

/// <summary>An order: made when the payer has done their part, completed when the money is there.</summary>
public enum OrderStatus
{
    Pending,
    Completed,
    Failed,
}

/// <summary>What happens to a conversation's newest payment.</summary>
public enum ConversationEvent
{
    /// <summary>A payment link was made.</summary>
    LinkMade,

    /// <summary>The payer has done their part; the money is on its way.</summary>
    Processing,

    /// <summary>The money is there.</summary>
    Paid,

    /// <summary>It ended without money: refused, expired, canceled.</summary>
    ClosedUnpaid,
}

/// <summary>The whole state machine of a conversation and of its order. Null is no change; a conversation that is paid stays paid.</summary>
public static class ConversationTransitions
{
    public static ConversationStatus? Next(ConversationStatus now, ConversationEvent what) => (now, what) switch
    {
        (ConversationStatus.Paid, _) => null,
        (_, ConversationEvent.Paid) => ConversationStatus.Paid,
        (ConversationStatus.Unpaid or ConversationStatus.Failed, ConversationEvent.LinkMade or ConversationEvent.Processing) => ConversationStatus.Pending,
        (ConversationStatus.Unpaid or ConversationStatus.Pending, ConversationEvent.ClosedUnpaid) => ConversationStatus.Failed,
        _ => null,
    };

    /// <summary>The statuses that it changes.</summary>
    public static IReadOnlyList<ConversationStatus> ChangedBy(ConversationEvent what) => [.. Enum.GetValues<ConversationStatus>().Where(status => Next(status, what) is not null)];

    /// <summary>The order of one payment; null on the left is none yet, null as the answer no change.</summary>
    public static OrderStatus? Next(OrderStatus? now, ConversationEvent what) => (now, what) switch
    {
        (OrderStatus.Completed, _) => null,
        (_, ConversationEvent.Paid) => OrderStatus.Completed,
        (null, ConversationEvent.Processing) => OrderStatus.Pending,
        (OrderStatus.Pending, ConversationEvent.ClosedUnpaid) => OrderStatus.Failed,
        _ => null,
    };
}
