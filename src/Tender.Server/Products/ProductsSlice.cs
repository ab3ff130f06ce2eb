using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>What a tenant sells.</summary>
internal static class ProductsSlice
{
    public static IServiceCollection AddProducts(this IServiceCollection services) => services
        .AddSingleton<CreateProduct>()
        .AddSingleton<ChangeProduct>()
        .AddSingleton<ArchiveProduct>();

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/api/v1/products").WithTags("Products");
        products.MapPost("", CreateAsync).CallableBy(Callers.Key | Callers.Operator).TakesIdempotencyKey().Answers<Product>("createProduct", 201);
        products.MapGet("", ListAsync).CallableBy(Callers.Key | Callers.Viewer).Answers<Page<Product>>("listProducts");
        products.MapGet("/{id}", ReadAsync).CallableBy(Callers.Key | Callers.Viewer).Answers<Product>("readProduct");
        products.MapDelete("/{id}", ArchiveAsync).CallableBy(Callers.Key | Callers.Operator).Answers("archiveProduct", 204);
        app.MapProductForms();
    }

    /// <summary>Makes a product.</summary>
    /// <remarks>With one price in each currency it is sold in. Test mode and live mode sell the same products; each begins with this stock and counts its own.</remarks>
    public static async Task<IResult> CreateAsync(
        CreateProduct.Request request, CreateProduct create, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var product = await create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation);
        return Results.Created($"/api/v1/products/{product.Id}", product);
    }

    /// <summary>Lists products.</summary>
    /// <remarks>Newest first, by cursor, those no longer sold among them.</remarks>
    /// <param name="limit">How many; 20 when missing.</param>
    /// <param name="startingAfter">The last id of the page before.</param>
    public static async Task<IResult> ListAsync(int? limit, string? startingAfter, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (limit is < 1 or > ReadProducts.LimitMax) return Problem.Invalid("limit", $"1 to {ReadProducts.LimitMax}.");
        var mode = context.Caller().Mode;
        var (products, hasMore) = await ReadProducts.ListAsync(db, mode, limit ?? 20, startingAfter, cancellation);
        // A cursor that is nobody's must not look like the end of the list.
        if (products.Count is 0 && startingAfter is not null && await ReadProducts.OneAsync(db, mode, startingAfter, cancellation) is null) return Problem.Invalid("startingAfter", "is not the id of a product");
        return Results.Ok(new Page<Product>(products, hasMore));
    }

    /// <summary>Reads one product.</summary>
    /// <remarks>Also one that is no longer sold.</remarks>
    public static async Task<IResult> ReadAsync(string id, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await ReadProducts.OneAsync(db, context.Caller().Mode, id, cancellation) is { } product ? Results.Ok(product) : UnknownProduct();

    /// <summary>Takes a product off sale.</summary>
    /// <remarks>In both modes, whichever asks: only stock is counted for each. What was sold stays; the product can still be read.</remarks>
    public static async Task<IResult> ArchiveAsync(string id, ArchiveProduct archive, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await archive.RunAsync(db, id, context.Caller(), cancellation) ? Results.NoContent() : UnknownProduct();

    private static Problem UnknownProduct() => Problem.NotFound("unknown_product", "There is no such product.");
}
