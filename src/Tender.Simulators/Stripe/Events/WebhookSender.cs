using Tender.Simulators.Clock;

namespace Tender.Simulators.Stripe.Events;

/// <summary>Delivers what is ready, several at once, and tries again what was not taken.</summary>
internal sealed class WebhookSender(DeliveryQueue queue, WebhookPost post, Schedule schedule) : BackgroundService
{
    private const int AtOnce = 16;

    // Stripe tries for days; a simulator for minutes, so that people see it.
    private static readonly double[] BackoffSeconds = [0.5, 1, 2, 4, 8, 15, 30, 60, 60, 60, 60, 60];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => DeliverAsync(stoppingToken), stoppingToken)));

    private async Task DeliverAsync(CancellationToken stopping)
    {
        await foreach (var group in queue.Ready.ReadAllAsync(stopping))
        {
            foreach (var delivery in group) await TryAsync(delivery, stopping);
        }
    }

    private async Task TryAsync(Delivery delivery, CancellationToken stopping)
    {
        if (delivery.Endpoint.Status is not "enabled" || await post.SendAsync(delivery, stopping)) return;

        // A spoiled delivery is meant to be refused. The true one comes when the control resends it, so that a test sees one at a time.
        if (delivery.Spoiled is not null || delivery.Attempt > BackoffSeconds.Length) return;
        var again = delivery with { Attempt = delivery.Attempt + 1 };
        schedule.In(TimeSpan.FromSeconds(BackoffSeconds[delivery.Attempt - 1]), () => queue.Put(again));
    }
}
