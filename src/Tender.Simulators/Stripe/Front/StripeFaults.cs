using Tender.Simulators.Faults;

namespace Tender.Simulators.Stripe.Front;

/// <summary>The two fault scripts of Stripe: one for calls to the API, one for deliveries of webhooks.</summary>
internal sealed class StripeFaults
{
    public FaultScript Calls { get; } = new();

    public FaultScript Deliveries { get; } = new();

    public bool TryAdd(Fault fault)
    {
        if (StripeFaultKind.ForCalls.Contains(fault.Kind)) Calls.Add(fault);
        else if (StripeFaultKind.ForDeliveries.Contains(fault.Kind)) Deliveries.Add(fault);
        else return false;
        return true;
    }

    public void Clear()
    {
        Calls.Clear();
        Deliveries.Clear();
    }
}

/// <summary>The names of the faults, as docs/simulators.md lists them.</summary>
internal static class StripeFaultKind
{
    public const string TimeoutBefore = "timeout_before";
    public const string TimeoutAfter = "timeout_after";
    public const string DropBefore = "drop_before";
    public const string DropAnswerAfter = "drop_answer_after";
    public const string StatusBefore = "status_500_before";
    public const string StatusAfter = "status_500_after";
    public const string TooMany = "429";
    public const string Slow = "slow";
    public const string SlowAnswer = "slow_answer";
    public const string GarbageAfter = "garbage_after";
    public const string WrongAmount = "wrong_amount";
    public const string WrongCurrency = "wrong_currency";

    public const string Twice = "twice";
    public const string Late = "late";
    public const string Hold = "hold";
    public const string OutOfOrder = "out_of_order";
    public const string Forged = "forged";
    public const string Stale = "stale";
    public const string None = "none";
    public const string BeforeAnswer = "before_answer";

    public static readonly IReadOnlySet<string> ForCalls = new HashSet<string>
    {
        TimeoutBefore, TimeoutAfter, DropBefore, DropAnswerAfter, StatusBefore, StatusAfter, TooMany, Slow, SlowAnswer, GarbageAfter, WrongAmount, WrongCurrency,
    };

    public static readonly IReadOnlySet<string> ForDeliveries = new HashSet<string> { Twice, Late, Hold, OutOfOrder, Forged, Stale, None, BeforeAnswer };
}
