using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server;
using Tender.Server.Commands;
using Tender.Server.Commands.Demo;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;
using Tender.Simulators;
using Tender.Tests.Server;

namespace Tender.FaultTests;

/// <summary>A whole installation with its own database, a Stripe simulator and a seeded tenant: what every fault test begins with.</summary>
public class Shop : IAsyncLifetime
{
    private static int made;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-faults-");
    private readonly HttpClient plain = new();
    private WebApplication? simulator;
    private WebApplication? app;
    private DatabaseServer? books;
    private OwnerDb? owner;
    private TenantDatabases? tenants;

    internal Settings Settings { get; private set; } = null!;

    internal DemoFile Demo { get; private set; } = null!;

    public string SimulatorUrl => simulator!.Urls.First();

    /// <summary>Calls with the tenant's key.</summary>
    public HttpClient Api { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 });

    public async Task InitializeAsync()
    {
        simulator = SimulatorHost.Build("--urls", "http://127.0.0.1:0");
        await simulator.StartAsync();
        var postgres = await PostgresAsync();
        var port = FreePort();
        var read = await Settings.ReadAsync(new Dictionary<string, string>
        {
            ["PORT"] = $"{port}",
            ["TENDER_DATA"] = folder.FullName,
            ["SIMULATORS_URL"] = SimulatorUrl,
        }, folder.FullName, CancellationToken.None);
        var database = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = $"tender_fault_{Interlocked.Increment(ref made)}" }.ConnectionString;
        Settings = read.Beside(new(SimulatorUrl), "whsec_faulttests") with { Database = database, OnlyThisMachine = true };
        await StartServerAsync();
        Demo = await app!.Services.GetRequiredService<SeedDemo>().RunAsync(new(SimulatorUrl), "whsec_faulttests", CancellationToken.None);
        Api.BaseAddress = new(Demo.BaseUrl);
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Demo.ApiKey);
    }

    /// <summary>The tests' common server, unless a test breaks its own.</summary>
    internal virtual Task<PrivatePostgres> PostgresAsync() => TestDatabases.ServerAsync();

    public virtual async Task DisposeAsync()
    {
        Api.Dispose();
        plain.Dispose();
        await StopServerAsync();
        if (tenants is not null) await tenants.DisposeAsync();
        if (simulator is not null)
        {
            await simulator.StopAsync();
            await simulator.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    /// <summary>A part of the running server.</summary>
    internal T Get<T>()
        where T : notnull => app!.Services.GetRequiredService<T>();

    public async Task StartServerAsync()
    {
        app = TenderApp.Build(Settings, builder => builder.Services.AddSingleton<SeedDemo>());
        await Serve.StartAsync(app, Settings, CancellationToken.None);
    }

    public async Task StopServerAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    /// <summary>The owner's database, read beside the server.</summary>
    internal OwnerDb Owner
    {
        get
        {
            books ??= new(Settings.Database!);
            return owner ??= new(books.OpenOwner(), books.Busy);
        }
    }

    /// <summary>The tenant's database, read beside the server, whether that is running or not.</summary>
    internal async Task<TenantDb> TenantAsync()
    {
        tenants ??= new(Owner, books!, new(), TimeProvider.System);
        return await tenants.FindAsync(Demo.TenantId, CancellationToken.None) ?? throw new InvalidOperationException("no tenant");
    }

    public async Task<Answer> CreateSessionAsync(string? key = null, int quantity = 1)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkout/sessions")
        {
            Content = JsonContent.Create(new { Demo.ProductId, Quantity = quantity, CustomerEmail = "bea@example.com", CustomerName = "Bea" }),
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Answer.ReadAsync(await Api.SendAsync(request));
    }

    public async Task<Answer> ConfirmAsync(string sessionId) => await Answer.ReadAsync(await Api.PostAsJsonAsync("/api/v1/checkout/confirm", new { sessionId }));

    public async Task<Answer> RefundAsync(string paymentId, long? amount = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/payments/{paymentId}/refund") { Content = JsonContent.Create(new { amount }) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Answer.ReadAsync(await Api.SendAsync(request));
    }

    /// <summary>The payer pays at the provider; the shop is told nothing but by webhook.</summary>
    public Task<JsonElement> PayAsync(Answer session, string card = "4242424242424242") => ControlAsync("/stripe/pay", new { clientSecret = session.Word("clientSecret"), card });

    public async Task<string> PaymentOfAsync(Answer session) =>
        (await Answer.ReadAsync(await Api.GetAsync(new Uri($"/api/v1/checkout/sessions/{session.Word("sessionId")}", UriKind.Relative)))).Word("paymentId");

    /// <summary>A session that is paid and confirmed; its payment's id.</summary>
    public async Task<string> PaidAsync(int quantity = 1)
    {
        var session = await CreateSessionAsync(quantity: quantity);
        await PayAsync(session);
        (await ConfirmAsync(session.Word("sessionId"))).Status.ShouldBe(HttpStatusCode.OK);
        return await PaymentOfAsync(session);
    }

    /// <summary>A report that so many US cents came, as the provider would bring it.</summary>
    public async Task SaidToHavePaidAsync(string paymentId, long received)
    {
        var db = await TenantAsync();
        var live = (await ReadPayment.RunAsync(db, paymentId, CancellationToken.None))!.Payment.Live!;
        var report = new PaymentReport(live.Id, live.ProviderPaymentId!, ReportedStatus.Succeeded, new(received, Currency.Of("usd")), null, DateTimeOffset.UnixEpoch);
        await Get<RecordReport>().RunAsync(db, paymentId, live.Id, [report], "webhook", CancellationToken.None);
    }

    public Task FaultAsync(string fault, object match, int times = 1, int? ms = null) => ControlAsync("/stripe/faults", new { fault, match, times, ms });

    /// <summary>What one test held back or spoiled is not the next one's.</summary>
    public async Task EndFaultsAsync()
    {
        using var emptied = await plain.DeleteAsync(new Uri($"{SimulatorUrl}/_control/stripe/faults"));
        await ControlAsync("/stripe/deliveries/release", new { });
    }

    public async Task<JsonElement> ControlAsync(string path, object body)
    {
        using var answer = await plain.PostAsJsonAsync($"{SimulatorUrl}/_control{path}", body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length is 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The simulator's own books: the truth.</summary>
    /// <param name="account">The demo's own without it.</param>
    public Task<JsonElement> LedgerAsync(string? account = null) => plain.GetFromJsonAsync<JsonElement>($"{SimulatorUrl}/_control/stripe/ledger?account={account ?? "acct_tenderdemo"}");

    public async Task<T> ReadAsync<T>(string sql, object? values = null) => (await (await TenantAsync()).QuerySingleOrDefaultAsync<T>(sql, values, CancellationToken.None))!;

    /// <summary>Waits until something is so; bounded, and it says what it waited for.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, int seconds = 40)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            if (await isSo()) return;
            await Task.Delay(100);
        }

        throw new TimeoutException($"waited for: {what}");
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>An answer's status and JSON.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body)
{
    public string Word(string name) => Body.GetProperty(name).GetString() ?? "";

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            return new(response.StatusCode, text.Length is 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
        }
    }
}
