using Tender.Server.Members;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>The API described: GET /openapi/v1.json for programs, GET /docs for people.</summary>
internal static class OpenApiSlice
{
    public const string Address = "/openapi/v1.json";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services
        .AddSingleton<ApiDocument>()
        .AddOpenApi(ApiDocument.Name, options =>
        {
            options.ShouldInclude = call => call.RelativePath is { } path && (path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("health/", StringComparison.Ordinal));
            options.CreateSchemaReferenceId = SchemaNames.Of;
            options.AddSchemaTransformer<DescribeSchema>();
            options.AddOperationTransformer<DescribeCall>();
            options.AddDocumentTransformer<DescribeApi>();
        });

    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Address, ReadAsync).CallableBy(Callers.Public).ExcludeFromDescription();

    private static async Task<IResult> ReadAsync(ApiDocument document, HttpContext context)
    {
        var made = await document.GetAsync();
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(made.Json, "application/json", entityTag: new(made.Tag));
    }
}
