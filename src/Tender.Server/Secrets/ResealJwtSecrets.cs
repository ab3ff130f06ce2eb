using Tender.Server.Events;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>After a tenant's key was turned: what its users' tokens are signed with is sealed anew. It stays in use meanwhile, and two nodes at once do no harm.</summary>
internal sealed class ResealJwtSecrets(TenantKeys keys, OwnerDb owner, DecryptFromStorage decrypt, EncryptForStorage encrypt) : ITenantWork
{
    public Work Work => WorkKind.Secrets;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        if (await keys.TurnedToAsync(db.Tenant.Code, cancellation) is not { } version) return null;
        var older = await owner.QueryAsync<Row>("select id, sealed from jwt_secrets where tenant = @Code and not starts_with(sealed, @Current)",
            new { db.Tenant.Code, Current = $"v1.{version}." }, cancellation);
        foreach (var row in older)
        {
            var place = JwtSecrets.Place(db.Tenant.Code, row.Id);
            var anew = await encrypt.RunAsync(await decrypt.RunAsync(new(row.Sealed), place, cancellation), place, cancellation);
            await owner.ExecuteAsync("update jwt_secrets set sealed = @Text where id = @Id and sealed = @Sealed", new { anew.Text, row.Id, row.Sealed }, cancellation);
        }

        return null;
    }

    private sealed record Row(string Id, string Sealed);
}
