using System.Security.Cryptography;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Products;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands.Demo;

/// <summary>
/// A tenant to try things with: members, a key, a connected Stripe simulator account, products. Running it again finds what is
/// there and makes what is missing.
/// </summary>
internal sealed class SeedDemo(
    CreateTenant createTenant, TenantDatabases tenants, OwnerDb owner, CreateApiKey createKey, CreateConnection createConnection, CreateProduct createProduct,
    ReadConnections connections, AllProviders providers, Settings settings)
{
    private const string Slug = "harbour-festival";

    // The account that the simulator opens by itself at every start.
    private const string SimulatorSecretKey = "sk_test_tenderdemo0000000000000001";
    private const string SimulatorPublishableKey = "pk_test_tenderdemo0000000000000001";

    public async Task<DemoFile> RunAsync(Uri simulators, string webhookSecret, CancellationToken cancellation)
    {
        var tenant = await createTenant.RunAsync(Slug, "Harbour Festival", "usd", "business", cancellation);
        var db = await tenants.FindAsync(tenant.Code, cancellation) ?? throw new CannotStartException("The demo tenant's database cannot be opened.");
        var known = await DemoFile.ReadAsync(settings.DataFolder, cancellation);
        if (known?.TenantId != tenant.Code) known = null;

        var seeder = new Caller("demo", tenant.Code, Mode.Test, Callers.Admin | Callers.Operator | Callers.Viewer);
        await ConnectAsync(db, seeder, cancellation);
        var demo = new DemoFile(
            settings.FrontendUrl.ToString().TrimEnd('/'), simulators.ToString().TrimEnd('/'), tenant.Code,
            await KeyAsync(tenant, known?.ApiKey, cancellation), known?.OwnerKey ?? "", known?.Owner ?? new("owner@demo.example", NewPassword()),
            known?.Member ?? new("member@demo.example", NewPassword()), settings.JwtSecret.Reveal(), webhookSecret,
            await ProductAsync(db, seeder, cancellation));
        await demo.WriteAsync(settings.DataFolder, cancellation);
        return demo;
    }

    private async Task ConnectAsync(TenantDb db, Caller seeder, CancellationToken cancellation)
    {
        if ((await connections.RunAsync(db, cancellation)).Count > 0) return;
        var saved = await createConnection.RunOpenedAsync(
            db, providers.Find("stripe")!, new("stripe", "Main", "test", [], Currencies: ["usd", "eur", "gbp", "jpy"]),
            new(new Dictionary<string, string> { ["publishableKey"] = SimulatorPublishableKey }, new Dictionary<string, Secret> { ["secretKey"] = new(SimulatorSecretKey) }),
            seeder, cancellation);
        if (saved is not Saved.Created) throw new CannotStartException($"The demo's Stripe account could not be connected: {saved}.");
    }

    private async Task<string> KeyAsync(Tenant tenant, string? known, CancellationToken cancellation)
    {
        if (known is not null && await IsValidAsync(known, cancellation)) return known;
        return (await createKey.RunAsync(tenant.Code, Mode.Test, "Demo", [], "demo", cancellation)).Key;
    }

    private async Task<bool> IsValidAsync(string key, CancellationToken cancellation) =>
        await owner.QuerySingleOrDefaultAsync<int>("select count(*)::int from api_keys where key_hash = @Hash and revoked_at is null",
            new { Hash = SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key)) }, cancellation) > 0;

    private async Task<string> ProductAsync(TenantDb db, Caller seeder, CancellationToken cancellation)
    {
        var (there, _) = await ReadProducts.ListAsync(db, 100, null, cancellation);
        if (there.LastOrDefault(p => p is { IsActive: true, Kind: "ticket" }) is { } ticket) return ticket.Id;
        var programme = new CreateProduct.Request(
            "Programme booklet", "download", [new("usd", 500), new("eur", 500)], null, "The programme as a PDF.", "https://files.example.com/programme.pdf");
        var festival = new CreateProduct.Request(
            "Festival ticket", "ticket", [new("usd", 4900), new("eur", 4500), new("jpy", 7000)], 10_000, "Three days by the harbour.", null);
        await createProduct.RunAsync(db, programme, seeder, null, cancellation);
        return (await createProduct.RunAsync(db, festival, seeder, null, cancellation)).Id;
    }

    private static string NewPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16);
}
