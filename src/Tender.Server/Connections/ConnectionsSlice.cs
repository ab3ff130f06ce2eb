using Tender.Server.Events;

namespace Tender.Server.Connections;

/// <summary>A tenant's accounts at providers: connect, check, order, health.</summary>
internal static class ConnectionsSlice
{
    // ASP.NET has an AddConnections of its own.
    public static IServiceCollection AddProviderConnections(this IServiceCollection services) => services
        .AddSingleton<ReadConnections>()
        .AddSingleton<OpenAccount>()
        .AddSingleton<WebhookAddress>()
        .AddSingleton<ReadCredentials>()
        .AddSingleton<SealSecrets>()
        .AddSingleton<AskForAccount>()
        .AddSingleton<ConnectedAccounts>()
        .AddSingleton<RegisterWebhook>()
        .AddSingleton<ListConnections>()
        .AddSingleton<CreateConnection>()
        .AddSingleton<ChangeConnection>()
        .AddSingleton<SaveProviderConnection>()
        .AddSingleton<DeleteConnection>()
        .AddSingleton<CheckConnection>()
        .AddSingleton<ChangeManyConnections>()
        .AddSingleton<ITenantWork, CheckConnectionsWhenDue>();
}
