using Tender.Server.Audit;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Products;

/// <summary>DELETE /api/v1/products/{id}: it is not sold any more; what was sold stays. The console can take it back.</summary>
internal sealed class ArchiveProduct(TimeProvider time)
{
    /// <summary>False when there is no such product.</summary>
    public Task<bool> RunAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation) => ChangeAsync(db, id, isActive: false, caller, cancellation);

    /// <summary>It is sold again. False when there is no such product.</summary>
    public Task<bool> UndoAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation) => ChangeAsync(db, id, isActive: true, caller, cancellation);

    private async Task<bool> ChangeAsync(TenantDb db, string id, bool isActive, Caller caller, CancellationToken cancellation)
    {
        if (await ReadProducts.OneAsync(db, caller.Mode, id, cancellation) is not { } product) return false;
        if (product.IsActive == isActive) return true;
        var batch = new Batch().Add("update products set is_active = @isActive, updated_at = @Now where id = @id", new { id, isActive, Now = time.GetUtcNow() });
        batch.AddAudit(caller, isActive ? "product.restored" : "product.archived", id, new { product.Name });
        await db.WriteAsync(batch, cancellation);
        return true;
    }
}
