using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>What the tenant connects beside the demo's account: one that is charged directly with the keys of the demo's platform, and one for real money.</summary>
internal static class ConnectedAccount
{
    /// <summary>The connection that serves the currency.</summary>
    public static async Task<string> ConnectAsync(Shop shop, string account, string currency)
    {
        await shop.ControlAsync("/stripe/accounts", new
        {
            secretKey = $"sk_test_{account}0000000001",
            publishableKey = $"pk_test_{account}0000000001",
            accountId = account,
            platform = "acct_tenderdemo",
            paymentMethodTypes = new[] { "card", "us_bank_account" },
        });
        return await SaveAsync(shop, new("stripe", account, "test", [], IsDefault: false, Currencies: [currency]), new(
            new Dictionary<string, string> { ["publishableKey"] = "pk_test_tenderdemo0000000000000001", ["connectedAccount"] = account },
            new Dictionary<string, Secret> { ["secretKey"] = new("sk_test_tenderdemo0000000000000001"), ["webhookSecret"] = new("whsec_of_the_platform") }));
    }

    /// <summary>The tenant's own account for real money, beside the demo's; the connection that serves it.</summary>
    public static async Task<string> ConnectLiveAsync(Shop shop)
    {
        var (secretKey, publishableKey) = ("sk_live_tenderdemo0000000000000001", "pk_live_tenderdemo0000000000000001");
        await shop.ControlAsync("/stripe/accounts", new { secretKey, publishableKey, accountId = "acct_live" });
        return await SaveAsync(shop, new("stripe", "Live", "live", [], IsDefault: false, Currencies: ["usd"]), new(
            new Dictionary<string, string> { ["publishableKey"] = publishableKey },
            new Dictionary<string, Secret> { ["secretKey"] = new(secretKey), ["webhookSecret"] = new("whsec_of_the_live_one") }));
    }

    private static async Task<string> SaveAsync(Shop shop, CreateConnection.Request wanted, ReadCredentials.Outcome.Read entered)
    {
        // In the server's own memory too: what it knows of the tenant's connections is renewed.
        var db = (await shop.Get<TenantDatabases>().FindAsync(shop.Demo.TenantId, default))!;
        var caller = new Caller("test", shop.Demo.TenantId, Words.Parse<Mode>(wanted.Mode!), Callers.Admin);
        var saved = await shop.Get<CreateConnection>().RunOpenedAsync(db, shop.Get<AllProviders>().Find("stripe")!, wanted, entered, caller, default);
        return saved.ShouldBeOfType<Saved.Created>().Connection.Id;
    }
}
