using Tender.Domain.Amounts;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>
/// The first run: whoever holds the one-time token becomes the owner, and gets the first tenant. Cut off after the tenant was made,
/// the same form goes on with that tenant.
/// </summary>
internal sealed class SetUpInstallation(OwnerDb owner, CreateTenant createTenant, CreateMember createMember, TimeProvider time)
{
    private const int NameCharsMax = 200;

    /// <summary>Whether the token is the one that was printed last, and nobody used it.</summary>
    public async Task<bool> IsOpenAsync(string? token, CancellationToken cancellation) =>
        token is { Length: > 0 and <= 128 } &&
        await owner.QuerySingleOrDefaultAsync<bool>("""
            select exists (select 1 from setup where token_hash = @Hash and used_at is null) and not exists (select 1 from users where is_owner)
            """, new { Hash = OfferSetUp.HashOf(token) }, cancellation);

    public async Task<Outcome> RunAsync(string? token, Form form, CancellationToken cancellation)
    {
        if (!await IsOpenAsync(token, cancellation)) return new Outcome.Closed();
        if (form.TenantName.Trim() is not { Length: > 0 and <= NameCharsMax } name) return new Outcome.Refused("tenantName", $"1 to {NameCharsMax} characters.");
        if (!Currency.TryParse(form.Currency, out var currency)) return new Outcome.Refused("currency", "This is no known currency.");
        if (await createMember.CheckAsync(form.Email, form.Password, form.Name) is { } wrong) return new Outcome.Refused(wrong.Field, wrong.Why);

        var tenant = await createTenant.RunAsync(TenantSlug.Of(name) ?? "tenant", name, currency.Code, "business", cancellation);
        // The token is spent in the owner's own transaction: of two at once, the second is undone.
        var spend = new Batch().AddSpending("update setup set used_at = @Now where token_hash = @Hash and used_at is null",
            new { Now = time.GetUtcNow(), Hash = OfferSetUp.HashOf(token!) });
        try
        {
            return await createMember.RunAsync(form.Email, form.Password, form.Name, tenant.Code, "admin", isOwner: true, spend, cancellation) switch
            {
                CreateMember.Outcome.Made made => new Outcome.Done(made.User, tenant),
                CreateMember.Outcome.Refused refused => new Outcome.Refused(refused.Field, refused.Why),
                _ => throw new InvalidOperationException("no such outcome"),
            };
        }
        catch (Npgsql.PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.Closed();
        }
    }

    public sealed record Form(string Name, string Email, string Password, string TenantName, string Currency);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Done(User Owner, Tenant Tenant) : Outcome;

        public sealed record Refused(string Field, string Why) : Outcome;

        /// <summary>The token is wrong or used, or somebody owns the installation already.</summary>
        public sealed record Closed : Outcome;
    }
}
