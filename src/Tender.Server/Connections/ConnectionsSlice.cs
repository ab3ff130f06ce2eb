using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;

namespace Tender.Server.Connections;

/// <summary>A tenant's accounts at providers: connect, check, order, health.</summary>
internal static class ConnectionsSlice
{
    // ASP.NET has an AddConnections of its own.
    public static IServiceCollection AddProviderConnections(this IServiceCollection services) => services
        .AddSingleton<ReadConnections>()
        .AddSingleton<OpenAccount>()
        .AddSingleton<ProviderGateway>()
        .AddSingleton<NoteUse>()
        .AddSingleton<WebhookAddress>()
        .AddSingleton<ReadCredentials>()
        .AddSingleton<SealSecrets>()
        .AddSingleton<AskForAccount>()
        .AddSingleton<ReadProviderPrice>()
        .AddSingleton<ConnectedAccounts>()
        .AddSingleton<RegisterWebhook>()
        .AddSingleton<ListConnections>()
        .AddSingleton<CreateConnection>()
        .AddSingleton<ChangeConnection>()
        .AddSingleton<SaveProviderConnection>()
        .AddSingleton<DeleteConnection>()
        .AddSingleton<CheckConnection>()
        .AddSingleton<ChangeManyConnections>()
        .AddSingleton(CheckStatements.Forgotten)
        .AddSingleton<ITenantWork, CheckConnectionsWhenDue>();

    public static void MapProviderConnections(this IEndpointRouteBuilder app)
    {
        var connections = app.MapGroup("/api/connections").WithTags("Connections");
        connections.MapGet("", ConnectionEndpoints.ListAsync).CallableBy(Callers.Viewer).Answers<Page<Connection>>("listConnections");
        connections.MapPost("/create", ConnectionEndpoints.CreateAsync).CallableBy(Callers.Admin).TakesIdempotencyKey(looksFirst: true)
            .Answers<Connection>("createConnection", 201).Refuses(402, 502);
        connections.MapPost("/batch", ConnectionEndpoints.ChangeManyAsync).CallableBy(Callers.Admin).TakesIdempotencyKey().Answers<ChangeManyConnections.Answer>("changeManyConnections");
        connections.MapPatch("/{id}", ConnectionEndpoints.ChangeAsync).CallableBy(Callers.Admin).Answers<Connection>("changeConnection").Refuses(409, 422, 502);
        connections.MapDelete("/{id}", ConnectionEndpoints.DeleteAsync).CallableBy(Callers.Admin)
            .Answers("deleteConnection", 204).OrAnswers<ConnectionAnswers.Draining>(202).Refuses(409);
        connections.MapPost("/{id}/check", ConnectionEndpoints.CheckAsync).CallableBy(Callers.Operator).TakesIdempotencyKey().Answers<CheckConnection.Answer>("checkConnection");
        connections.MapGet("/{provider}/me", ConnectionEndpoints.OfProviderAsync).CallableBy(Callers.Viewer).Answers<Connection>("readProviderConnection");
        connections.MapPost("/{provider}", ConnectionEndpoints.SaveAsync).CallableBy(Callers.Admin).TakesIdempotencyKey(looksFirst: true)
            .Answers<Connection>("saveProviderConnection").OrAnswers<Connection>(201).Refuses(402, 502);
        connections.MapDelete("/{provider}/{id}", ConnectionEndpoints.DeleteOfProviderAsync).CallableBy(Callers.Admin)
            .Answers("deleteProviderConnection", 204).OrAnswers<ConnectionAnswers.Draining>(202).Refuses(409);
        app.MapConnectionForms();
    }
}
