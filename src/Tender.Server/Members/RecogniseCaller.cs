using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Finds out who asks, from the request's credentials alone. With a key in use it takes no round trip.</summary>
internal sealed class RecogniseCaller(KnownKeys keys, TenantDatabases tenants)
{
    private const string Scheme = "Bearer ";

    public ValueTask<Recognition> RunAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count is 0) return ValueTask.FromResult<Recognition>(Recognition.Nobody.It);
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult<Recognition>(new Recognition.Refused(Problem.Unauthorized("invalid_authorization", "Send one header: Authorization: Bearer, and an API key or a token.")));
        return ByKeyAsync(text, context);
    }

    private async ValueTask<Recognition> ByKeyAsync(string header, HttpContext context)
    {
        if (await keys.FindAsync(header.AsSpan(Scheme.Length), context.RequestAborted) is not { } key)
            return new Recognition.Refused(Problem.Unauthorized("invalid_api_key", "This API key does not count: it was never made, or it was revoked."));
        if (key.IsReadOnly && !IsRead(context.Request.Method))
            return new Recognition.Refused(Problem.Forbidden("forbidden", "This API key may only read."));
        return await OfTenantAsync(key.Caller, context.RequestAborted);
    }

    private async ValueTask<Recognition> OfTenantAsync(Caller caller, CancellationToken cancellation) =>
        await tenants.FindAsync(caller.Tenant!, cancellation) is { } db
            ? new Recognition.Known(caller, db)
            : new Recognition.Refused(Problem.Forbidden("tenant_not_ready", "This tenant is suspended or not ready yet."));

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
}
