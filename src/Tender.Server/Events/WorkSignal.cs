using System.Threading.Channels;

namespace Tender.Server.Events;

/// <summary>
/// Says that a tenant has something to do, inside this process. Losing a signal costs seconds, never work: the sweep finds it.
/// </summary>
internal sealed class WorkSignal
{
    private readonly Lock gate = new();
    private Channel<string>[] listeners = [];

    /// <summary>Call it after the commit that made the work.</summary>
    public void Raise(string tenantCode)
    {
        foreach (var listener in listeners) listener.Writer.TryWrite(tenantCode);
    }

    /// <summary>Every listener hears every signal.</summary>
    public ChannelReader<string> Listen()
    {
        // What does not fit is dropped: whoever is so far behind sweeps anyway.
        var listener = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        lock (gate) listeners = [.. listeners, listener];
        return listener.Reader;
    }
}
