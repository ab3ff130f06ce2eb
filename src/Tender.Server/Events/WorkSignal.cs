namespace Tender.Server.Events;

/// <summary>
/// Says that a tenant has something to do. Losing a signal costs seconds, never work: whoever does the work also looks by itself.
/// </summary>
internal sealed class WorkSignal
{
    private readonly Lock gate = new();
    private Action<string>[] here = [];
    private Action<string>[] elsewhere = [];

    /// <summary>Call it after the commit that made the work.</summary>
    public void Raise(string tenantCode)
    {
        foreach (var heard in here) heard(tenantCode);
    }

    /// <summary>Another node has made work, and is at it; look after it, should that node die.</summary>
    public void RaiseFromElsewhere(string tenantCode)
    {
        foreach (var heard in elsewhere) heard(tenantCode);
    }

    /// <summary>Both are called on the caller's time and must return at once.</summary>
    public void Listen(Action<string> raisedHere, Action<string>? raisedElsewhere = null)
    {
        lock (gate)
        {
            here = [.. here, raisedHere];
            if (raisedElsewhere is not null) elsewhere = [.. elsewhere, raisedElsewhere];
        }
    }
}
