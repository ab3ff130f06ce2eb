using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Makes a key for a tenant's own programs. The key is shown by this answer and never again: only its hash stays.</summary>
internal sealed class CreateApiKey(OwnerDb owner, TenantDatabases tenants, Ids ids, TimeProvider time)
{
    public const int NameCharsMax = 100;

    /// <param name="tenantCode">Null makes a key for the owner's own calls.</param>
    /// <param name="scopes"><see cref="ApiKey.ReadScope"/>, <see cref="ApiKey.WriteScope"/>, or nothing for both.</param>
    /// <param name="createdBy">The actor, for the record.</param>
    public async Task<NewKey> RunAsync(
        string? tenantCode, Mode mode, string name, IReadOnlyList<string> scopes, string createdBy, CancellationToken cancellation)
    {
        if (name.Trim() is not { Length: > 0 and <= NameCharsMax } called) throw new ArgumentException($"A name has 1 to {NameCharsMax} characters.", nameof(name));
        if (scopes.FirstOrDefault(scope => scope is not (ApiKey.ReadScope or ApiKey.WriteScope)) is { } unknown) throw new ArgumentException($"'{unknown}' is no scope.", nameof(scopes));

        var (text, prefix, hash) = ApiKey.New();
        var id = tenantCode is null ? ids.NewForOwner("key") : ids.New("key", tenantCode);
        await owner.WriteAsync(new Batch()
            .Add("""
                insert into api_keys (id, tenant, mode, name, prefix, key_hash, scopes, created_by, created_at)
                values (@Id, @Tenant, @Mode, @Name, @Prefix, @Hash, @Scopes, @CreatedBy, @Now)
                """, new { Id = id, Tenant = tenantCode, Mode = mode.ToWord(), Name = called, Prefix = prefix, Hash = hash.ToArray(), Scopes = scopes.ToArray(), CreatedBy = createdBy, Now = time.GetUtcNow() })
            .AddAudit(createdBy, "api_key.created", id, new { Tenant = tenantCode }), cancellation);

        if (tenantCode is not null && await tenants.FindAsync(tenantCode, cancellation) is { } db)
            await db.WriteAsync(new Batch().AddAudit(createdBy, "api_key.created", id, new { Name = called, Mode = mode.ToWord(), Prefix = prefix, Scopes = scopes }), cancellation);
        return new(id, text);
    }

    /// <summary>The only time the key is seen.</summary>
    public sealed record NewKey(string Id, string Key)
    {
        public override string ToString() => $"{Id} (secret)";
    }
}
