namespace Tender.Server.Tenancy;

/// <summary>
/// Says that a tenant has something to do, what, and when. Losing a signal costs time, never work: whoever does the work also looks by itself, once a second at one of the idle tenants.
/// </summary>
internal sealed class WorkSignal
{
    private readonly Lock gate = new();
    private Action<string, Work, DateTimeOffset>[] here = [];
    private Action<string>[] elsewhere = [];

    /// <summary>Call it after the commit that made the work; a <see cref="Batch"/> that expects work has it called.</summary>
    public void Raise(string tenantCode, Work work, DateTimeOffset dueAt)
    {
        foreach (var heard in here) heard(tenantCode, work, dueAt);
    }

    /// <summary>Another node has made work, and is at it; look after it, should that node die.</summary>
    public void RaiseFromElsewhere(string tenantCode)
    {
        foreach (var heard in elsewhere) heard(tenantCode);
    }

    /// <summary>Both are called on the caller's time and must return at once.</summary>
    public void Listen(Action<string, Work, DateTimeOffset> raisedHere, Action<string>? raisedElsewhere = null)
    {
        lock (gate)
        {
            here = [.. here, raisedHere];
            if (raisedElsewhere is not null) elsewhere = [.. elsewhere, raisedElsewhere];
        }
    }
}

/// <summary>What waits in a tenant's database with a time on it, and for whom where several do the same kind.</summary>
internal readonly record struct Work(WorkKind Kind, string? Consumer = null)
{
    public static implicit operator Work(WorkKind kind) => new(kind);
}

internal enum WorkKind
{
    /// <summary>Events that somebody acts on.</summary>
    Deliveries,

    /// <summary>What providers told us.</summary>
    ProviderEvents,

    /// <summary>Attempts to ask the provider about.</summary>
    Attempts,

    /// <summary>Refunds to ask the provider about.</summary>
    Refunds,

    /// <summary>Payments whose time is over.</summary>
    Expiry,

    /// <summary>Connections to check.</summary>
    Connections,

    /// <summary>Secrets to seal anew.</summary>
    Secrets,
}
