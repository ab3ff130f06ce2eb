using System.Diagnostics.Metrics;

namespace Tender.Server.Webhooks.In;

/// <summary>All that is kept of a webhook that could not be proven: a number.</summary>
internal sealed class WebhookCounters : IDisposable
{
    private readonly Meter meter = new("Tender.Webhooks");
    private readonly Counter<long> refused;
    private long total;

    public WebhookCounters() => refused = meter.CreateCounter<long>("tender.webhooks.refused");

    /// <summary>How many were refused since the start.</summary>
    public long Total => Interlocked.Read(ref total);

    public void Refused(string provider)
    {
        Interlocked.Increment(ref total);
        refused.Add(1, new KeyValuePair<string, object?>("provider", provider));
    }

    public void Dispose() => meter.Dispose();
}
