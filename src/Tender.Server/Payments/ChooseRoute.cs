using Tender.Domain.Routing;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Gives the Domain's routing what it needs to know of the tenant's connections and their health.</summary>
internal sealed class ChooseRoute(ReadConnections connections, ProviderGateway gateway, AllProviders providers)
{
    public ValueTask<IReadOnlyList<ConnectionRow>> CandidatesAsync(TenantDb db, CancellationToken cancellation) => connections.RunAsync(db, cancellation);

    public RoutePlan Choose(SumAsked asked, IReadOnlyList<ConnectionRow> candidates) => RoutePlan.Choose(
        new(asked.Amount, asked.Mode, asked.Presentation),
        candidates.Where(c => providers.Find(c.Provider) is not null).Select(c => new Candidate(
            c.Id, c.Provider, c.Name, c.Mode, c.IsEnabled, c.Status is "draining", c.Status is not "unhealthy" && gateway.IsAnswering(c.Id),
            c.IsDefault, c.Priority, Recommended: false, c.Currencies, MinimumMinor: null, MaximumMinor: null, CanEmbed: true, CanHost: true)));
}
