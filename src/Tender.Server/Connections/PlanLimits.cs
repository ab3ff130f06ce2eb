using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>How many payment providers a plan connects: Free and Starter none, Pro one, Business any. Several accounts at one provider count once.</summary>
internal static class PlanLimits
{
    /// <summary>The plan that connecting this provider needs; null when the tenant's own will do.</summary>
    public static string? NeededFor(Tenant tenant, string provider, IEnumerable<ConnectionRow> connected) => tenant.Plan switch
    {
        "free" or "starter" => "pro",
        "pro" when connected.Any(connection => connection.Provider != provider) => "business",
        _ => null,
    };
}
