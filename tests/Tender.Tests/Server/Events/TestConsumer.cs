using System.Collections.Concurrent;
using Tender.Server.Events;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Events;

/// <summary>Takes note of what it is handed, and does with it what a test says.</summary>
internal sealed class TestConsumer(Func<DeliveredEvent, CancellationToken, Task<DeliveryResult>>? act = null) : IConsumeEvents
{
    public ConcurrentQueue<DeliveredEvent> Handled { get; } = new();

    public string Consumer => "mail";

    public async Task<DeliveryResult> HandleAsync(TenantDb db, DeliveredEvent delivered, CancellationToken cancellation)
    {
        Handled.Enqueue(delivered);
        return act is null ? new DeliveryResult.Done() : await act(delivered, cancellation);
    }
}
