using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>The prices of paid access, each under a code that the application asks for. Each mode has its own.</summary>
internal sealed partial class Tiers(ReadProviderPrice prices, Settings settings, TimeProvider time)
{
    private const string Select = "select code, name, amount_minor as amount, currency, is_active, created_at, price_id, price_connection_id from tiers";

    public static Task<IReadOnlyList<View>> AllAsync(TenantDb db, Mode mode, CancellationToken cancellation) =>
        db.QueryAsync<View>($"{Select} where mode = @Mode order by is_active desc, currency, amount_minor, code", new { Mode = mode.ToWord() }, cancellation);

    /// <summary>One that is sold; null for every other.</summary>
    public static Task<View?> FindAsync(TenantDb db, string code, Mode mode, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<View>($"{Select} where mode = @Mode and code = @code and is_active", new { code, Mode = mode.ToWord() }, cancellation);

    /// <summary>Makes the tier, or gives it another name or price. What was asked for before keeps its price.</summary>
    public async Task<Outcome> SaveAsync(TenantDb db, string code, Request request, Caller caller, CancellationToken cancellation)
    {
        if (request is { Amount: not null, PriceId: not null }) return new Outcome.Refused("priceId", "give an amount or a price, not both");
        if (request is { Currency: not null, Amount: null }) return new Outcome.Refused("currency", "belongs to an amount; a price has its own");
        var currency = request.Currency ?? db.Tenant.Currency;
        if (request.Amount is { } sum) return await SaveAsync(db, code, request.Name, new(sum, Currency.Of(currency.ToLowerInvariant())), null, null, caller, cancellation);
        if ((request.PriceId ?? settings.Stripe.ProductPriceId) is not { } priceId) return new Outcome.Refused("amount", "is needed, or a priceId");

        return await prices.RunAsync(db, priceId, caller.Mode, cancellation) switch
        {
            ReadProviderPrice.Outcome.Found found => await SaveAsync(db, code, request.Name, found.Amount, priceId, found.ConnectionId, caller, cancellation),
            ReadProviderPrice.Outcome.Refused { Reason: var reason } => new Outcome.UnknownPrice(reason),
            ReadProviderPrice.Outcome.NotReached { Why: var why } => new Outcome.NotReached(why),
            var other => throw new Domain.BrokenRuleException($"no rule for {other.GetType().Name}"),
        };
    }

    private async Task<Outcome> SaveAsync(
        TenantDb db, string code, string name, Money price, string? priceId, string? connectionId, Caller caller, CancellationToken cancellation)
    {
        await db.WriteAsync(new Batch()
            .Add("""
                insert into tiers (mode, code, name, amount_minor, currency, price_id, price_connection_id, created_at, updated_at)
                values (@Mode, @code, @Name, @Minor, @Currency, @priceId, @connectionId, @Now, @Now)
                on conflict (mode, code) do update set name = excluded.name, amount_minor = excluded.amount_minor, currency = excluded.currency, price_id = excluded.price_id,
                  price_connection_id = excluded.price_connection_id, is_active = true, updated_at = excluded.updated_at
                """, new { Mode = caller.Mode.ToWord(), code, Name = name.Trim(), price.Minor, Currency = price.Currency.Code, priceId, connectionId, Now = time.GetUtcNow() })
            .AddAudit(caller, "tier.saved", code, new { Name = name.Trim(), Amount = price.Minor, Currency = price.Currency.Code, PriceId = priceId, Mode = caller.Mode.ToWord() }), cancellation);
        return new Outcome.Saved((await FindAsync(db, code, caller.Mode, cancellation))!);
    }

    /// <summary>Takes it off sale; false when there is none.</summary>
    public async Task<bool> ArchiveAsync(TenantDb db, string code, Caller caller, CancellationToken cancellation)
    {
        if (await FindAsync(db, code, caller.Mode, cancellation) is null) return false;
        await db.WriteAsync(new Batch()
            .Add("update tiers set is_active = false, updated_at = @Now where mode = @Mode and code = @code", new { code, Mode = caller.Mode.ToWord(), Now = time.GetUtcNow() })
            .AddAudit(caller, "tier.archived", code), cancellation);
        return true;
    }

    public static bool IsCode(string text) => Code().IsMatch(text);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,29}$")]
    private static partial Regex Code();

    /// <param name="Amount">In the currency's minor unit; or leave it out and name a price.</param>
    /// <param name="Currency">Lower-case ISO code of the amount; the tenant's own when missing.</param>
    /// <param name="PriceId">The provider's own price, as in price_…: it is asked what that costs. With neither, the installation's STRIPE_PRODUCT_PRICE_ID.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Request(
        [Required, StringLength(200, MinimumLength = 1), OneLineText] string Name, [Sum] long? Amount, [KnownCurrency] string? Currency, [StringLength(255, MinimumLength = 1)] string? PriceId = null);

    /// <param name="Code">What the application asks for.</param>
    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="PriceId">The provider's own price that it was read from.</param>
    /// <param name="PriceConnectionId">The account that keeps it and is asked by it; every other is asked for the amount.</param>
    public sealed record View(string Code, string Name, long Amount, string Currency, bool IsActive, DateTimeOffset CreatedAt, string? PriceId = null, string? PriceConnectionId = null)
    {
        internal Money Price => new(Amount, Domain.Amounts.Currency.Of(Currency));
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Saved(View Tier) : Outcome;

        /// <summary>The reason completes a sentence that begins with the field's name.</summary>
        public sealed record Refused(string Field, string Why) : Outcome;

        public sealed record UnknownPrice(string Why) : Outcome;

        /// <summary>The provider could not be asked what the price costs.</summary>
        public sealed record NotReached(string Why) : Outcome;
    }
}
