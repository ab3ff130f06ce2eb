using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Accounts;

/// <summary>One piece of work on one account, under its lock: the time, the ids, and the events that it makes.</summary>
internal sealed class Scene(StripeWorld world, StripeAccount account, string? requestId = null, string? idempotencyKey = null)
{
    private const int EventsKept = 20_000;

    private readonly DateTimeOffset time = world.Clock.GetUtcNow();
    private readonly List<StripeEvent> emitted = [];

    public StripeAccount Account { get; } = account;

    public StripeIds Ids { get; } = world.Ids;

    public long Now => time.ToUnixTimeSeconds();

    public int NowYear => time.Year;

    public int NowMonth => time.Month;

    public IReadOnlyList<StripeEvent> Emitted => emitted;

    /// <summary>Records what has happened, as the object is at this moment.</summary>
    public void Emit(string type, object subject, object? before = null)
    {
        var news = new StripeEvent
        {
            Id = Ids.New("evt_1"),
            Type = type,
            Created = Now,
            Account = Account,
            Subject = StripeJson.Bytes(subject),
            Before = before is null ? null : StripeJson.Bytes(before),
            RequestId = requestId,
            IdempotencyKey = idempotencyKey,
        };
        Account.Events.Add(news);
        Account.Events.KeepNewest(EventsKept);
        emitted.Add(news);
    }

    /// <summary>Does something to the same account later, on the simulator's clock.</summary>
    public void Later(TimeSpan delay, Action<Scene> work) => world.Schedule.In(delay, () => world.Act(Account, work));

    public void At(long unixSeconds, Action<Scene> work) => world.Schedule.At(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), () => world.Act(Account, work));
}
