using System.Threading.Channels;
using Tender.Simulators.Clock;
using Tender.Simulators.Faults;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Front;

namespace Tender.Simulators.Stripe.Events;

/// <summary>Which endpoints hear of an event, and what the fault script makes of it.</summary>
internal sealed class DeliveryQueue(Schedule schedule, StripeFaults faults, WebhookPost post)
{
    private static readonly TimeSpan LongestGathering = TimeSpan.FromSeconds(5);

    private readonly Channel<Delivery[]> ready = Channel.CreateUnbounded<Delivery[]>();
    private readonly Lock gate = new();
    private readonly List<Delivery> held = [];
    private readonly List<Delivery> gathering = [];

    /// <summary>Deliveries to be made; those of one array one after another.</summary>
    public ChannelReader<Delivery[]> Ready => ready.Reader;

    public void Put(params Delivery[] deliveries) => ready.Writer.TryWrite(deliveries);

    public void Send(IReadOnlyList<StripeEvent> news, StripeWorld world)
    {
        foreach (var delivery in Plan(news, world)) Route(delivery, Fault(delivery));
    }

    /// <summary>Sends what the script wants to arrive before the API answers, and waits for it. What is returned sends the rest.</summary>
    public async Task<Action> SendBeforeAnswerAsync(IReadOnlyList<StripeEvent> news, StripeWorld world)
    {
        var rest = new List<(Delivery Delivery, Fault? Fault)>();
        foreach (var delivery in Plan(news, world))
        {
            var fault = Fault(delivery);
            if (fault is not { Kind: StripeFaultKind.BeforeAnswer }) rest.Add((delivery, fault));
            else if (!await post.SendAsync(delivery, CancellationToken.None)) rest.Add((delivery, null));
        }

        return () => rest.ForEach(one => Route(one.Delivery, one.Fault));
    }

    /// <summary>Sends an event again to all that want it, without faults.</summary>
    public void Resend(StripeEvent news, StripeWorld world) => Put([.. Plan([news], world)]);

    public int Release(string? type)
    {
        lock (gate)
        {
            var free = held.FindAll(delivery => type is null || delivery.Event.Type == type);
            held.RemoveAll(free.Contains);
            foreach (var delivery in free) Put(delivery);
            return free.Count;
        }
    }

    private static List<Delivery> Plan(IReadOnlyList<StripeEvent> news, StripeWorld world)
    {
        var planned = new List<Delivery>();
        foreach (var item in news)
        {
            var own = Wanting(item.Account, item.Type, connected: false);
            var platforms = item.Account.Platforms
                .Select(id => world.Find(id, item.Account.LiveMode))
                .OfType<StripeAccount>()
                .SelectMany(platform => Wanting(platform, item.Type, connected: true))
                .ToList();
            var pending = own.Count + platforms.Count;
            if (pending == 0) continue;
            if (own.Count > 0) planned.AddRange(ForEach(own, item, item.Render(forPlatform: false, pending)));
            if (platforms.Count > 0) planned.AddRange(ForEach(platforms, item, item.Render(forPlatform: true, pending)));
        }

        return planned;
    }

    private static IEnumerable<Delivery> ForEach(List<WebhookEndpoint> endpoints, StripeEvent item, byte[] body) => endpoints.Select(endpoint => new Delivery(item, endpoint, body));

    private static List<WebhookEndpoint> Wanting(StripeAccount account, string type, bool connected)
    {
        lock (account.Gate) return [.. account.Endpoints.All.Where(endpoint => endpoint.IsForConnected == connected && endpoint.Wants(type))];
    }

    private Fault? Fault(Delivery delivery) =>
        faults.Deliveries.Take(fault => fault.Match.FitsDelivery(delivery.Event.Type, delivery.Event.Account.Id, delivery.Endpoint.Id));

    private void Route(Delivery delivery, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case StripeFaultKind.None:
                return;
            case StripeFaultKind.Twice:
                Put(delivery, delivery);
                return;
            case StripeFaultKind.Late:
                schedule.In(fault.Delay(3000), () => Put(delivery));
                return;
            case StripeFaultKind.Hold:
                lock (gate) held.Add(delivery);
                return;
            case StripeFaultKind.OutOfOrder:
                Gather(delivery, fault.Group ?? 2);
                return;
            case StripeFaultKind.Forged or StripeFaultKind.Stale:
                Put(delivery with { Spoiled = fault.Kind });
                return;
            default:
                Put(delivery);
                return;
        }
    }

    // Waits until a group is together and sends it backwards; not for ever, should no more come.
    private void Gather(Delivery delivery, int group)
    {
        lock (gate) gathering.Add(delivery);
        if (!TrySendBackwards(group)) schedule.In(LongestGathering, () => TrySendBackwards(1));
    }

    private bool TrySendBackwards(int atLeast)
    {
        lock (gate)
        {
            if (gathering.Count < atLeast) return false;
            gathering.Reverse();
            Put([.. gathering]);
            gathering.Clear();
            return true;
        }
    }
}
