using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Every tenant of the installation, for its owner.</summary>
internal sealed class ListTenants(OwnerDb owner)
{
    public const int LimitMax = 50;

    /// <param name="after">The slug of the last row of the page before.</param>
    public Task<IReadOnlyList<Row>> RunAsync(string? after, CancellationToken cancellation) => owner.QueryAsync<Row>("""
        select t.code, t.slug, t.name, t.plan, t.currency, t.state, t.schema_version, t.created_at,
          (select count(*)::int from memberships m where m.tenant = t.code) as members
        from tenants t where @after::text is null or t.slug > @after order by t.slug limit @LimitMax + 1
        """, new { after, LimitMax }, cancellation);

    /// <param name="SchemaVersion">The number of the last migration its database has.</param>
    public sealed record Row(string Code, string Slug, string Name, string Plan, string Currency, string State, int SchemaVersion, DateTimeOffset CreatedAt, int Members);
}
