using System.Text.Json;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>The calls under /api/connections.</summary>
internal static class ConnectionEndpoints
{
    /// <summary>Lists the tenant's connections.</summary>
    /// <remarks>All of them, in the order in which they are tried. A secret is never among it, sealed or not.</remarks>
    public static async Task<IResult> ListAsync(ListConnections list, TenantDb db, CancellationToken cancellation) =>
        Results.Ok(new Page<Connection>(await list.RunAsync(db, cancellation), HasMore: false));

    /// <summary>Connects an account at a provider.</summary>
    /// <remarks>Secret credentials arrive sealed by encryptForServer. The provider is asked first; nothing is stored that does not work.</remarks>
    public static async Task<IResult> CreateAsync(
        CreateConnection.Request request, CreateConnection create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await create.RunAsync(db, request, context.Caller(), cancellation, context.IdempotentCall()));

    /// <summary>Changes a connection.</summary>
    /// <remarks>What is given is changed, the rest stays. New credentials are tried first and must open the same account.</remarks>
    public static async Task<IResult> ChangeAsync(
        string id, ChangeConnection.Request request, ChangeConnection change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await change.RunAsync(db, id, request, context.Caller(), cancellation));

    /// <summary>Removes a connection.</summary>
    /// <remarks>409 while payments through it are open; with drain=true it only takes no new ones.</remarks>
    /// <param name="drain">Take no new payments instead.</param>
    public static async Task<IResult> DeleteAsync(
        string id, bool? drain, DeleteConnection delete, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await delete.RunAsync(db, id, drain ?? false, context.Caller(), cancellation));

    /// <summary>Asks the provider now whether the account works.</summary>
    /// <remarks>The outcome is stored and returned; a provider that refuses is an outcome, no error.</remarks>
    public static async Task<IResult> CheckAsync(string id, CheckConnection check, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await check.RunAsync(db, id, context.Caller(), cancellation) is { } answer ? Results.Ok(answer) : ConnectionAnswers.UnknownConnection();

    /// <summary>Enables, disables, deletes or checks many connections at once.</summary>
    /// <remarks>Each has an outcome of its own.</remarks>
    public static async Task<IResult> ChangeManyAsync(
        ChangeManyConnections.Request request, ChangeManyConnections change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        Results.Ok(new ChangeManyConnections.Answer(await change.RunAsync(db, request, context.Caller(), cancellation)));

    /// <summary>Reads the tenant's connection to one provider.</summary>
    /// <remarks>Its default one, of the caller's mode before the other.</remarks>
    /// <param name="provider">A provider's code.</param>
    public static async Task<IResult> OfProviderAsync(string provider, ListConnections list, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await list.FindAsync(db, provider, context.Caller().Mode.ToWord(), cancellation) is { } connection ? Results.Ok(connection) : ConnectionAnswers.UnknownConnection();

    /// <summary>Creates or changes the tenant's connection to one provider.</summary>
    /// <remarks>A flat object: name and mode, which may be missing, and the provider's own fields, all text; secret ones sealed by encryptForServer.</remarks>
    /// <param name="provider">A provider's code.</param>
    public static async Task<IResult> SaveAsync(
        string provider, JsonElement body, SaveProviderConnection save, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        ConnectionAnswers.Of(await save.RunAsync(db, provider, body, context.Caller(), cancellation, context.IdempotentCall()));

    /// <summary>Removes a connection to one provider.</summary>
    /// <remarks>As DELETE /api/connections/{id}, for the provider's connections only.</remarks>
    /// <param name="provider">A provider's code.</param>
    /// <param name="drain">Take no new payments instead.</param>
    public static async Task<IResult> DeleteOfProviderAsync(
        string provider, string id, bool? drain, DeleteConnection delete, ReadConnections connections, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await connections.FindAsync(db, id, cancellation) is { } row && row.Provider == provider
            ? await DeleteAsync(id, drain, delete, db, context, cancellation)
            : ConnectionAnswers.UnknownConnection();
}
