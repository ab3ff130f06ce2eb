using Tender.Domain.PaidAccess;
using static Tender.Domain.PaidAccess.ConversationEvent;
using static Tender.Domain.PaidAccess.ConversationStatus;

namespace Tender.Tests.Domain;

/// <summary>The contract's words about a conversation's payment status, pair by pair: unpaid → pending → paid or failed, unpaid → failed, failed → pending on a new try.</summary>
public sealed class ConversationTransitionTests
{
    private static readonly Dictionary<(ConversationStatus, ConversationEvent), ConversationStatus> Conversations = new()
    {
        [(Unpaid, LinkMade)] = Pending,
        [(Unpaid, Processing)] = Pending,
        [(Unpaid, ConversationEvent.Paid)] = ConversationStatus.Paid,
        [(Unpaid, ClosedUnpaid)] = Failed,
        [(Pending, ConversationEvent.Paid)] = ConversationStatus.Paid,
        [(Pending, ClosedUnpaid)] = Failed,
        [(Failed, LinkMade)] = Pending,
        [(Failed, Processing)] = Pending,
        // Money that comes late still counts.
        [(Failed, ConversationEvent.Paid)] = ConversationStatus.Paid,
    };

    private static readonly Dictionary<(OrderStatus?, ConversationEvent), OrderStatus> Orders = new()
    {
        [(null, Processing)] = OrderStatus.Pending,
        [(null, ConversationEvent.Paid)] = OrderStatus.Completed,
        [(OrderStatus.Pending, ConversationEvent.Paid)] = OrderStatus.Completed,
        [(OrderStatus.Pending, ClosedUnpaid)] = OrderStatus.Failed,
        [(OrderStatus.Failed, ConversationEvent.Paid)] = OrderStatus.Completed,
    };

    [Fact]
    public void Every_pair_of_a_conversation_is_as_the_contract_says()
    {
        foreach (var now in Enum.GetValues<ConversationStatus>())
            foreach (var what in Enum.GetValues<ConversationEvent>())
                ConversationTransitions.Next(now, what).ShouldBe(Conversations.TryGetValue((now, what), out var next) ? next : null, $"{now}, {what}");
    }

    [Fact]
    public void Every_pair_of_an_order_too()
    {
        foreach (var now in Enum.GetValues<OrderStatus>().Cast<OrderStatus?>().Append(null))
            foreach (var what in Enum.GetValues<ConversationEvent>())
                ConversationTransitions.Next(now, what).ShouldBe(Orders.TryGetValue((now, what), out var next) ? next : null, $"{now}, {what}");
    }

    [Fact]
    public void What_is_paid_stays_paid() => ConversationTransitions.ChangedBy(ConversationEvent.Paid).ShouldBe([Unpaid, Pending, Failed]);
}
