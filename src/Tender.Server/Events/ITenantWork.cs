using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>
/// Work that waits in every tenant's database with a time on it: deliveries, the inbox, payments to ask about.
/// <see cref="RunTenantWork"/> runs it over all tenants: at once after a signal, when the time it named has come, and from time to time.
/// </summary>
internal interface ITenantWork
{
    /// <summary>What it does, so that it is called when there is some.</summary>
    Work Work { get; }

    /// <summary>How many rounds of one tenant may run beside each other: what comes now need not wait for the slowest of what came before.</summary>
    int RoundsAtOnce => 1;

    /// <summary>Does what is due now, safe beside other nodes doing the same; answers when it is next due, null when nothing waits.</summary>
    Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation);
}
