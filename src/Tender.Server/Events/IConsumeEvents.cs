using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>
/// Acts on events: sends mail, calls a webhook. It is called at least once for each event it was named for, possibly again after a
/// crash or an answer that got lost, so what it does must be safe to repeat. It runs outside of any transaction.
/// </summary>
internal interface IConsumeEvents
{
    /// <summary>The name it stands under in deliveries.</summary>
    string Consumer { get; }

    Task<DeliveryResult> HandleAsync(TenantDb db, DeliveredEvent delivered, CancellationToken cancellation);
}

/// <summary>An event on its way to one consumer.</summary>
/// <param name="Tries">Which try this is, from 1.</param>
internal sealed record DeliveredEvent(
    long DeliveryId, long EventId, string Type, string Subject, string? PaymentId, DateTimeOffset At, string Payload, int Tries)
{
    /// <summary>No other try follows this one.</summary>
    public bool IsLastTry => RetryTimes.After(Tries, 0) is null;
}

/// <summary>How a try ended.</summary>
internal abstract record DeliveryResult
{
    private DeliveryResult()
    {
    }

    /// <summary>It is done; nothing is left to do.</summary>
    public sealed record Done : DeliveryResult;

    /// <summary>Not now: it is tried again later, until the last try.</summary>
    public sealed record TryAgain(string Why) : DeliveryResult;

    /// <summary>It can never work; a person is told.</summary>
    public sealed record GiveUp(string Why) : DeliveryResult;
}
