using Tender.Server.Audit;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>An archived product is sold again.</summary>
internal sealed class RestoreProduct(TimeProvider time)
{
    /// <summary>False when there is no such product.</summary>
    public async Task<bool> RunAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation)
    {
        if (await ReadProducts.OneAsync(db, id, cancellation) is not { } product) return false;
        if (product.IsActive) return true;
        var batch = new Batch().Add("update products set is_active = true, updated_at = @Now where id = @id", new { id, Now = time.GetUtcNow() });
        batch.AddAudit(caller, "product.restored", id, new { product.Name });
        await db.WriteAsync(batch, cancellation);
        return true;
    }
}
