using Tender.Server.Console;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>What the console's buttons on a product post. Its fields are taken by the page that shows them.</summary>
internal static class ProductForms
{
    public static void MapProductForms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/console/products/{id}/archive", ArchiveAsync).CallableBy(Callers.Operator);
        app.MapPost("/console/products/{id}/restore", RestoreAsync).CallableBy(Callers.Operator);
    }

    private static async Task<IResult> ArchiveAsync(string id, ArchiveProduct archive, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        Back(id, await archive.RunAsync(db, id, context.Caller(), cancellation) ? "Archived. It is not sold any more." : null);

    private static async Task<IResult> RestoreAsync(string id, ArchiveProduct archive, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        Back(id, await archive.UndoAsync(db, id, context.Caller(), cancellation) ? "It is sold again." : null);

    private static IResult Back(string id, string? says) => says is null
        ? new GoBack("/console/products", "There is no such product.", Failing: true)
        : new GoBack($"/console/products/{Uri.EscapeDataString(id)}", says);
}
