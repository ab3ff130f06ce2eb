using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>An account of its own, connected to the demo's platform: the platform's keys, direct charges on the account.</summary>
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
        var entered = new ReadCredentials.Outcome.Read(
            new Dictionary<string, string> { ["publishableKey"] = "pk_test_tenderdemo0000000000000001", ["connectedAccount"] = account },
            new Dictionary<string, Secret> { ["secretKey"] = new("sk_test_tenderdemo0000000000000001"), ["webhookSecret"] = new("whsec_of_the_platform") });
        var caller = new Caller("test", shop.Demo.TenantId, Mode.Test, Callers.Admin);
        // In the server's own memory too: what it knows of the tenant's connections is renewed.
        var db = (await shop.Get<TenantDatabases>().FindAsync(shop.Demo.TenantId, default))!;
        var saved = await shop.Get<CreateConnection>().RunOpenedAsync(
            db, shop.Get<AllProviders>().Find("stripe")!, new("stripe", account, "test", [], IsDefault: false, Currencies: [currency]), entered, caller, default);
        return saved.ShouldBeOfType<Saved.Created>().Connection.Id;
    }
}
