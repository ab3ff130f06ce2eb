using Tender.Server.Connections;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Webhooks from providers: proven, stored once, answered, then applied until done.</summary>
internal static class WebhooksInSlice
{
    private const string Body = "The provider's own event, signed by it in the provider's own header.";

    public static IServiceCollection AddWebhooksIn(this IServiceCollection services) => services
        .AddSingleton<Inbox>()
        .AddHostedService(services => services.GetRequiredService<Inbox>())
        .AddSingleton(Inbox.Forgotten)
        .AddSingleton<ReceiveWebhook>()
        .AddSingleton<ReceivePlatformWebhook>()
        .AddSingleton<PlatformAccounts>()
        .AddSingleton<PlatformInbox>()
        .AddSingleton(PlatformInbox.Forgotten)
        .AddSingleton<WebhookCounters>()
        .AddSingleton<ITenantWork, ApplyProviderEvents>();

    public static void MapWebhooksIn(this IEndpointRouteBuilder app)
    {
        var hooks = app.MapGroup("/api/webhooks").WithTags("Webhooks");
        // A provider tells the news of all tenants from a few addresses, and what is refused comes hours later.
        hooks.MapPost("/{provider}", PlatformAsync).CallableBy(Callers.Public).NotRateLimited().TakesRaw(Body).Answers<Taken>("receivePlatformWebhook").Refuses(400);
        hooks.MapPost("/{provider}/{connectionId}", ConnectionAsync).CallableBy(Callers.Public).NotRateLimited().TakesRaw(Body).Answers<Taken>("receiveConnectionWebhook").Refuses(400);
    }

    /// <summary>Receives a provider's news about one connection's account.</summary>
    /// <remarks>Verified over the raw bytes, stored, then applied until done. An event that comes twice counts once.</remarks>
    /// <param name="provider">A provider's code.</param>
    public static async Task<IResult> ConnectionAsync(
        string provider, string connectionId, HttpRequest request, TenantDatabases tenants, ReadConnections connections, ReceiveWebhook receive,
        CancellationToken cancellation)
    {
        if (await tenants.ForIdAsync(connectionId, cancellation) is not { } db) return UnknownAddress();
        if (await connections.FindAsync(db, connectionId, cancellation) is not { } connection) return UnknownAddress();
        return Answer(await receive.RunAsync(db, provider, connection, request, await BodyAsync(request, cancellation), cancellation));
    }

    /// <summary>Receives a provider's news about the platform's own account.</summary>
    /// <remarks>Also about accounts that are connected to it. Verified over the raw bytes, stored, then applied until done.</remarks>
    /// <param name="provider">A provider's code.</param>
    public static async Task<IResult> PlatformAsync(
        string provider, HttpRequest request, ReceivePlatformWebhook receive, CancellationToken cancellation) =>
        Answer(await receive.RunAsync(provider, request, await BodyAsync(request, cancellation), cancellation));

    private static IResult Answer(ReceiveWebhook.Outcome outcome) => outcome switch
    {
        ReceiveWebhook.Outcome.Received => Results.Ok(new Taken(Received: true)),
        ReceiveWebhook.Outcome.Forged forged => Problem.BadRequest("forged_webhook", forged.Why),
        _ => UnknownAddress(),
    };

    /// <summary>It is stored; what follows from it follows by itself.</summary>
    internal sealed record Taken(bool Received);

    private static Problem UnknownAddress() => Problem.NotFound("unknown_webhook_address", "Nothing receives webhooks at this address.");

    private static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var body = new MemoryStream(capacity: (int)Math.Min(request.ContentLength ?? 4096, 1 << 20));
        await request.Body.CopyToAsync(body, cancellation);
        return body.ToArray();
    }
}
