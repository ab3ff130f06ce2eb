using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Members;

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

    public static void MapProviderConnections(this IEndpointRouteBuilder app)
    {
        var connections = app.MapGroup("/api/connections").WithTags("Connections");
        connections.MapGet("", ConnectionEndpoints.ListAsync).CallableBy(Callers.Viewer);
        connections.MapPost("/create", ConnectionEndpoints.CreateAsync).CallableBy(Callers.Admin).TakesIdempotencyKey(looksFirst: true);
        connections.MapPost("/batch", ConnectionEndpoints.ChangeManyAsync).CallableBy(Callers.Admin).TakesIdempotencyKey();
        connections.MapPatch("/{id}", ConnectionEndpoints.ChangeAsync).CallableBy(Callers.Admin);
        connections.MapDelete("/{id}", ConnectionEndpoints.DeleteAsync).CallableBy(Callers.Admin);
        connections.MapPost("/{id}/check", ConnectionEndpoints.CheckAsync).CallableBy(Callers.Operator).TakesIdempotencyKey();
        connections.MapGet("/{provider}/me", ConnectionEndpoints.OfProviderAsync).CallableBy(Callers.Viewer);
        connections.MapPost("/{provider}", ConnectionEndpoints.SaveAsync).CallableBy(Callers.Admin).TakesIdempotencyKey(looksFirst: true);
        connections.MapDelete("/{provider}/{id}", ConnectionEndpoints.DeleteOfProviderAsync).CallableBy(Callers.Admin);
        app.MapConnectionForms();
    }
}
