using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Audit;

/// <summary>Who did what, when.</summary>
internal static class AuditSlice
{
    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/audit", ListAsync).WithTags("Audit").CallableBy(Callers.Admin | Callers.Owner).Answers<ListAudit.Answer>("listAudit");

    /// <summary>Lists who did what, and when.</summary>
    /// <remarks>Latest first, by cursor. A member sees the tenant's lines; the owner, who acts for none, the installation's.</remarks>
    public static async Task<IResult> ListAsync([AsParameters] ListAudit.Request request, OwnerDb owner, HttpContext context, CancellationToken cancellation)
    {
        if (request.Limit is < 1 or > ListAudit.LimitMax) return Problem.Invalid("limit", $"1 to {ListAudit.LimitMax}.");
        return Results.Ok(await ListAudit.RunAsync(context.TryTenantDb() ?? (Database)owner, request, cancellation));
    }
}
