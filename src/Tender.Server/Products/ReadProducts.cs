using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>GET /api/v1/products and one of them: newest first, by cursor, with the stock of one mode.</summary>
internal static class ReadProducts
{
    public const int LimitMax = 100;

    public static async Task<(IReadOnlyList<Product> Products, bool HasMore)> ListAsync(
        TenantDb db, Mode mode, int limit, string? after, CancellationToken cancellation, bool? isActive = null)
    {
        var rows = await db.QueryAsync<Row>($"""
            {Select}
            where (@after::text is null or (created_at, id) < (select created_at, id from products where id = @after))
              and (@isActive::boolean is null or is_active = @isActive)
            order by created_at desc, id desc limit @Take
            """, new { after, isActive, Take = limit + 1, IsLive = mode is Mode.Live }, cancellation);
        return ([.. rows.Take(limit).Select(r => r.ToProduct())], rows.Count > limit);
    }

    public static async Task<Product?> OneAsync(TenantDb db, Mode mode, string id, CancellationToken cancellation) =>
        (await db.QuerySingleOrDefaultAsync<Row>($"{Select} where id = @id", new { id, IsLive = mode is Mode.Live }, cancellation))?.ToProduct();

    private const string Select = """
        select id, name, description, kind, case when @IsLive then stock else test_stock end as stock, download_url, is_active, created_at,
               (select coalesce(json_agg(json_build_object('currency', currency, 'amount', amount_minor) order by currency), '[]')
                from prices where product_id = p.id)::text as prices
        from products p
        """;

    private sealed record Row(
        string Id, string Name, string Description, string Kind, int? Stock, string? DownloadUrl, bool IsActive, DateTimeOffset CreatedAt, string Prices)
    {
        public Product ToProduct() =>
            new(Id, Name, Description, Kind, Stock, DownloadUrl, IsActive, JsonSerializer.Deserialize<List<Price>>(Prices, Json.Options)!, CreatedAt);
    }
}
