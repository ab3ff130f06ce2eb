using Microsoft.Extensions.DependencyInjection;
using Tender.Domain.Providers;
using Tender.Server.Members;
using Tender.Server.Tenancy;
using Tender.Tests.Server.Members;

namespace Tender.Tests.Server.Console;

/// <summary>The whole server with two tenants and a member of each role, whose pages are opened and whose forms are sent.</summary>
public sealed class ConsoleApp : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    private readonly Dictionary<string, FormBrowser> browsers = new(StringComparer.Ordinal);
    private RunningTender tender = null!;

    internal TenantDb Db { get; private set; } = null!;

    internal TenantDb Other { get; private set; } = null!;

    internal T Get<T>()
        where T : notnull => tender.App.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        tender = await RunningTender.StartAsync();
        Db = await TenantAsync("acme", "Acme");
        Other = await TenantAsync("other", "Other");
        foreach (var role in new[] { "viewer", "operator", "admin" })
            (await Get<CreateMember>().RunAsync($"{role}@acme.example", Password, role, Db.Tenant.Code, role, false, default)).ShouldBeOfType<CreateMember.Outcome.Made>();
        (await Get<CreateMember>().RunAsync("admin@other.example", Password, "other", Other.Tenant.Code, "admin", false, default)).ShouldBeOfType<CreateMember.Outcome.Made>();
    }

    public async Task DisposeAsync() => await tender.DisposeAsync();

    internal async Task<TenantDb> TenantAsync(string slug, string name)
    {
        var tenant = await Get<CreateTenant>().RunAsync(slug, name, "usd", "pro", default);
        return (await Get<TenantDatabases>().FindAsync(tenant.Code, default))!;
    }

    /// <summary>One sign-in for each: so many in a minute would be too many.</summary>
    internal async Task<FormBrowser> SignedInAsync(string email)
    {
        if (browsers.TryGetValue(email, out var there)) return there;
        var browser = browsers[email] = new FormBrowser(tender.Http);
        await browser.OpenAsync(MembersPaths.SignIn);
        await browser.SubmitAsync("sign-in", ("email", email), ("password", Password));
        return browser;
    }

    internal Caller CallerOf(TenantDb db) => new("usr_1", db.Tenant.Code, Mode.Test, Callers.Admin | Callers.Operator | Callers.Viewer);

    /// <summary>A payment as a row: what lists and figures count.</summary>
    internal static async Task<string> PaymentAsync(
        TenantDb db, string id, DateTimeOffset at, string status = "succeeded", long minor = 1000, string currency = "usd", string mode = "test", DateTimeOffset? paidAt = null, long? received = null)
    {
        var full = $"pay_{db.Tenant.Code}_{id.PadLeft(26, '0')}";
        await db.ExecuteAsync("""
            insert into payments (id, mode, amount_minor, currency, status, received_minor, purpose, presentation, created_at, expires_at, succeeded_at)
            values (@full, @mode, @minor, @currency, @status, @Received, 'api', 'hosted', @at, @at + interval '1 hour', @PaidAt)
            """, new { full, mode, minor, currency, status, Received = status is "succeeded" ? received ?? minor : 0, at, PaidAt = status is "succeeded" ? paidAt ?? at : (DateTimeOffset?)null }, default);
        return full;
    }
}
