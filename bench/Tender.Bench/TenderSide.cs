using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Products;
using Tender.Server.Tenancy;

namespace Tender.Bench;

/// <summary>Tender as it is run in production, with one tenant, its key, an account at the provider and something to sell.</summary>
internal sealed class TenderSide : IAsyncDisposable
{
    public const string Owner = "tender";
    private readonly Ground ground;
    private readonly string program;
    private readonly Dictionary<string, string> environment;
    private OwnProgram? running;

    private TenderSide(Ground ground, Options options)
    {
        (this.ground, program) = (ground, Path.Combine(options.ServerFolder, "tender.dll"));
        environment = new()
        {
            ["DATABASE_URL"] = ground.Connection(Owner).ConnectionString,
            ["TENDER_DATA"] = Path.Combine(ground.Folder, "tender"),
            ["PORT"] = "0",
            ["STRIPE_API_BASE"] = ground.Provider.Url.AbsoluteUri,
            ["TENDER_RATE_PER_CALLER"] = "0",
            ["TENDER_RATE_PER_ADDRESS"] = "0",
        };
    }

    public static Secret ProviderKey { get; } = new("sk_test_tenderbench0000000000000001");

    public static Secret WebhookSecret { get; } = new("whsec_tenderbench0000000000000001");

    public int? ProcessId => running?.ProcessId;

    public int Port { get; private set; }

    public string ApiKey { get; private set; } = "";

    public string ProductId { get; private set; } = "";

    public string ConnectionId { get; private set; } = "";

    /// <summary>The tenant's database.</summary>
    public string Database { get; private set; } = "";

    public static async Task<TenderSide> CreateAsync(Ground ground, Options options)
    {
        var side = new TenderSide(ground, options);
        await side.SeedAsync();
        return side;
    }

    /// <summary>Starts the server; answers how long its first authenticated answer took.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        Port = OwnProgram.FreePort();
        environment["PORT"] = $"{Port}";
        var began = Stopwatch.GetTimestamp();
        running = OwnProgram.Start(Path.Combine(ground.Folder, "tender.log"), ground.Folder, environment, "dotnet", program, "serve");
        return await running.AnswersAsync(Port, Requests.Products(ApiKey), 200, began);
    }

    /// <summary>
    /// Sends the payers of all sessions home. Tender asks the provider about every session that is still open after 20 seconds: that is work
    /// of the sessions before, and would be done while another side is measured.
    /// </summary>
    public Task ForgetOpenSessionsAsync() => ground.ExecuteAsync(Database, "update attempts set ask_at = null where ask_at is not null");

    public async Task StopAsync()
    {
        if (running is not null) await running.DisposeAsync();
        running = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task SeedAsync()
    {
        var settings = await Settings.ReadAsync(environment, ground.Folder, CancellationToken.None);
        await using var app = TenderApp.Build(settings, builder => builder.Logging.ClearProviders());
        await TenderApp.OpenDatabasesAsync(app, CancellationToken.None);
        var services = app.Services;
        var tenant = await services.GetRequiredService<CreateTenant>().RunAsync("bench", "Bench", "usd", "business", CancellationToken.None);
        var db = await services.GetRequiredService<TenantDatabases>().FindAsync(tenant.Code, CancellationToken.None) ?? throw new BenchException("the tenant was not made");
        var seeder = new Caller("bench", tenant.Code, Mode.Test, Callers.Admin | Callers.Operator | Callers.Viewer);
        var saved = await services.GetRequiredService<CreateConnection>().RunOpenedAsync(
            db, services.GetRequiredService<AllProviders>().Find("stripe")!, new("stripe", "Main", "test", [], Currencies: ["usd"]),
            new(new Dictionary<string, string> { ["publishableKey"] = "pk_test_tenderbench0000000000000001" },
                new Dictionary<string, Secret> { ["secretKey"] = ProviderKey, ["webhookSecret"] = WebhookSecret }),
            seeder, CancellationToken.None);
        ConnectionId = saved is Saved.Created { Connection.Id: var id } ? id : throw new BenchException($"the connection was not made: {saved}");
        var product = new CreateProduct.Request("Festival ticket", "ticket", [new("usd", 4900)], null, "Three days by the harbour.", null);
        ProductId = (await services.GetRequiredService<CreateProduct>().RunAsync(db, product, seeder, null, CancellationToken.None)).Id;
        ApiKey = (await services.GetRequiredService<CreateApiKey>().RunAsync(tenant.Code, Mode.Test, "Bench", [], "bench", CancellationToken.None)).Key;
        Database = tenant.Database;
    }
}
