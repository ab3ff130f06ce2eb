namespace Tender.Domain.Payments;

/// <summary>What applying a fact did to a payment.</summary>
public abstract record Change
{
    private Change(Payment after) => After = after;

    /// <summary>The payment as it is now.</summary>
    public Payment After { get; }

    /// <summary>The status changed.</summary>
    public sealed record Moved(Payment Payment, PaymentStatus From, PaymentStatus To) : Change(Payment);

    /// <summary>A fact was added; the status stayed.</summary>
    public sealed record Noted(Payment Payment) : Change(Payment);

    /// <summary>Nothing new.</summary>
    public sealed record None(Payment Payment) : Change(Payment);
}
