using System.Text.Json;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>The calls under /api/connections.</summary>
internal static class ConnectionEndpoints
{
    public static async Task<IResult> ListAsync(ListConnections list, TenantDb db, CancellationToken cancellation) =>
        Results.Ok(new { Data = await list.RunAsync(db, cancellation), HasMore = false });

    public static async Task<IResult> CreateAsync(
        CreateConnection.Request request, CreateConnection create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await create.RunAsync(db, request, context.Caller(), cancellation, context.IdempotentCall()));

    public static async Task<IResult> ChangeAsync(
        string id, ChangeConnection.Request request, ChangeConnection change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await change.RunAsync(db, id, request, context.Caller(), cancellation));

    public static async Task<IResult> DeleteAsync(
        string id, bool? drain, DeleteConnection delete, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await delete.RunAsync(db, id, drain ?? false, context.Caller(), cancellation));

    public static async Task<IResult> CheckAsync(string id, CheckConnection check, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await check.RunAsync(db, id, context.Caller(), cancellation) is { } answer ? Results.Ok(answer) : ConnectionAnswers.UnknownConnection();

    public static async Task<IResult> ChangeManyAsync(
        ChangeManyConnections.Request request, ChangeManyConnections change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        Results.Ok(new { Results = await change.RunAsync(db, request, context.Caller(), cancellation) });

    public static async Task<IResult> OfProviderAsync(string provider, ListConnections list, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await list.FindAsync(db, provider, context.Caller().Mode.ToWord(), cancellation) is { } connection ? Results.Ok(connection) : ConnectionAnswers.UnknownConnection();

    public static async Task<IResult> SaveAsync(
        string provider, JsonElement body, SaveProviderConnection save, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await save.RunAsync(db, provider, body, context.Caller(), cancellation, context.IdempotentCall()));

    public static async Task<IResult> DeleteOfProviderAsync(
        string provider, string id, bool? drain, DeleteConnection delete, ReadConnections connections, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await connections.FindAsync(db, id, cancellation) is { } row && row.Provider == provider
            ? await DeleteAsync(id, drain, delete, db, context, cancellation)
            : ConnectionAnswers.UnknownConnection();
}
