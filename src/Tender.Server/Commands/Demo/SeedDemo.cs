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
    CreateTenant createTenant, TenantDatabases tenants, OwnerDb owner, CreateMember createMember, CreateApiKey createKey, CreateConnection createConnection, CreateProduct createProduct,
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
        var people = await PeopleAsync(tenant, known, cancellation);
        var demo = new DemoFile(
            settings.FrontendUrl.ToString().TrimEnd('/'), simulators.ToString().TrimEnd('/'), tenant.Code,
            await KeyAsync(tenant.Code, known?.ApiKey, cancellation), await KeyAsync(null, known?.OwnerKey, cancellation), people.Owner, people.Member, settings.JwtSecret.Reveal(), webhookSecret,
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

    // Their passwords are known only from the file: without it they get new accounts under new names.
    private async Task<(DemoFile.SignIn Owner, DemoFile.SignIn Member)> PeopleAsync(Tenant tenant, DemoFile? known, CancellationToken cancellation)
    {
        if (known is not null) return (known.Owner, known.Member);
        return (await PersonAsync("owner", "Olga Owner", tenant.Code, isOwner: true, cancellation), await PersonAsync("member", "Ada Member", tenant.Code, isOwner: false, cancellation));
    }

    private async Task<DemoFile.SignIn> PersonAsync(string name, string displayName, string tenantCode, bool isOwner, CancellationToken cancellation)
    {
        var password = NewPassword();
        foreach (var email in new[] { $"{name}@demo.example", $"{name}.{NewPassword()[..6]}@demo.example" })
        {
            if (await createMember.RunAsync(email, password, displayName, tenantCode, "admin", isOwner, cancellation) is CreateMember.Outcome.Made) return new(email, password);
        }

        throw new CannotStartException($"The demo's {name} could not be made.");
    }

    private async Task<string> KeyAsync(string? tenantCode, string? known, CancellationToken cancellation)
    {
        if (known is { Length: > 0 } && await IsValidAsync(known, cancellation)) return known;
        return (await createKey.RunAsync(tenantCode, Mode.Test, "Demo", [], "demo", cancellation)).Key;
    }

    private async Task<bool> IsValidAsync(string key, CancellationToken cancellation) =>
        await owner.QuerySingleOrDefaultAsync<int>("select count(*)::int from api_keys where key_hash = @Hash and revoked_at is null",
            new { Hash = SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key)) }, cancellation) > 0;

    private async Task<string> ProductAsync(TenantDb db, Caller seeder, CancellationToken cancellation)
    {
        var (there, _) = await ReadProducts.ListAsync(db, seeder.Mode, 100, null, cancellation);
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
