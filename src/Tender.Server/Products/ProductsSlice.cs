using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>What a tenant sells.</summary>
internal static class ProductsSlice
{
    public static IServiceCollection AddProducts(this IServiceCollection services) => services
        .AddSingleton<CreateProduct>()
        .AddSingleton<ChangeProduct>()
        .AddSingleton<ArchiveProduct>()
        .AddSingleton<RestoreProduct>();

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/api/v1/products").WithTags("Products");
        products.MapPost("", CreateAsync).CallableBy(Callers.Key | Callers.Operator).TakesIdempotencyKey();
        products.MapGet("", ListAsync).CallableBy(Callers.Key | Callers.Viewer);
        products.MapGet("/{id}", ReadAsync).CallableBy(Callers.Key | Callers.Viewer);
        products.MapDelete("/{id}", ArchiveAsync).CallableBy(Callers.Key | Callers.Operator);
        app.MapProductForms();
    }

    private static async Task<IResult> CreateAsync(
        CreateProduct.Request request, CreateProduct create, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var product = await create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation);
        return Results.Created($"/api/v1/products/{product.Id}", product);
    }

    private static async Task<IResult> ListAsync(int? limit, string? startingAfter, TenantDb db, CancellationToken cancellation)
    {
        if (limit is < 1 or > ReadProducts.LimitMax) return Problem.Invalid("limit", $"1 to {ReadProducts.LimitMax}.");
        var (products, hasMore) = await ReadProducts.ListAsync(db, limit ?? 20, startingAfter, cancellation);
        return Results.Ok(new { Data = products, HasMore = hasMore });
    }

    private static async Task<IResult> ReadAsync(string id, TenantDb db, CancellationToken cancellation) =>
        await ReadProducts.OneAsync(db, id, cancellation) is { } product ? Results.Ok(product) : UnknownProduct();

    private static async Task<IResult> ArchiveAsync(string id, ArchiveProduct archive, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await archive.RunAsync(db, id, context.Caller(), cancellation) ? Results.NoContent() : UnknownProduct();

    private static Problem UnknownProduct() => Problem.NotFound("unknown_product", "There is no such product.");
}
