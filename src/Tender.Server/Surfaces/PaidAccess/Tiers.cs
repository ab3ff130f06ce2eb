using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Tender.Domain.Amounts;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>The prices of paid access, each under a code that the application asks for.</summary>
internal sealed partial class Tiers(TimeProvider time)
{
    private const string Select = "select code, name, amount_minor as amount, currency, is_active, created_at from tiers";

    public static Task<IReadOnlyList<View>> AllAsync(TenantDb db, CancellationToken cancellation) =>
        db.QueryAsync<View>($"{Select} order by is_active desc, amount_minor, code", null, cancellation);

    /// <summary>One that is sold; null for every other.</summary>
    public static Task<View?> FindAsync(TenantDb db, string code, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<View>($"{Select} where code = @code and is_active", new { code }, cancellation);

    /// <summary>Makes the tier, or gives it another name or price. What was asked for before keeps its price.</summary>
    public async Task<View> SaveAsync(TenantDb db, string code, Request request, Caller caller, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var currency = (request.Currency ?? db.Tenant.Currency).ToLowerInvariant();
        await db.WriteAsync(new Batch()
            .Add("""
                insert into tiers (code, name, amount_minor, currency, created_at, updated_at) values (@code, @Name, @Amount, @currency, @now, @now)
                on conflict (code) do update set name = excluded.name, amount_minor = excluded.amount_minor, currency = excluded.currency, is_active = true, updated_at = excluded.updated_at
                """, new { code, Name = request.Name.Trim(), request.Amount, currency, now })
            .AddAudit(caller, "tier.saved", code, new { request.Name, request.Amount, Currency = currency }), cancellation);
        return (await FindAsync(db, code, cancellation))!;
    }

    /// <summary>Takes it off sale; false when there is none.</summary>
    public async Task<bool> ArchiveAsync(TenantDb db, string code, Caller caller, CancellationToken cancellation)
    {
        if (await FindAsync(db, code, cancellation) is null) return false;
        await db.WriteAsync(new Batch()
            .Add("update tiers set is_active = false, updated_at = @Now where code = @code", new { code, Now = time.GetUtcNow() })
            .AddAudit(caller, "tier.archived", code), cancellation);
        return true;
    }

    public static bool IsCode(string text) => Code().IsMatch(text);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,29}$")]
    private static partial Regex Code();

    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="Currency">Lower-case ISO code; the tenant's own when missing.</param>
    public sealed record Request([Required, StringLength(200, MinimumLength = 1)] string Name, [Sum] long Amount, [KnownCurrency] string? Currency);

    /// <param name="Code">What the application asks for.</param>
    /// <param name="Amount">In the currency's minor unit.</param>
    public sealed record View(string Code, string Name, long Amount, string Currency, bool IsActive, DateTimeOffset CreatedAt)
    {
        internal Money Price => new(Amount, Domain.Amounts.Currency.Of(Currency));
    }
}
