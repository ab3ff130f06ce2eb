using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tender.Server;
using Tender.Server.Commands;
using Tender.Server.Commands.Demo;
using Tender.Server.Hosting;
using Tender.Server.Secrets;
using Tender.Simulators;
using Tender.Tests.Server.Secrets;

namespace Tender.Tests.Server.Hosting.OpenApi;

/// <summary>The whole server with its demo tenant and a simulated Stripe; what it answers is held against what it says of itself.</summary>
public sealed class ApiSite : IAsyncLifetime
{
    private static int made;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-api-");
    private WebApplication simulator = null!;
    private WebApplication app = null!;

    internal DemoFile Demo { get; private set; } = null!;

    internal DocumentedApi Document { get; private set; } = null!;

    internal IReadOnlyList<RouteEndpoint> Routes => [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public async Task InitializeAsync()
    {
        simulator = SimulatorHost.Build("--urls", "http://127.0.0.1:0");
        await simulator.StartAsync();
        var simulators = new Uri(simulator.Urls.First());
        var postgres = await TestDatabases.ServerAsync();
        var read = await Settings.ReadAsync(
            new Dictionary<string, string> { ["PORT"] = $"{FreePort()}", ["TENDER_DATA"] = folder.FullName, ["SIMULATORS_URL"] = simulators.ToString() }, folder.FullName, CancellationToken.None);
        var settings = read.Beside(simulators, "whsec_api") with
        {
            Database = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = $"tender_api_{Interlocked.Increment(ref made)}" }.ConnectionString,
            OnlyThisMachine = true,
        };
        app = TenderApp.Build(settings, builder => builder.Services.AddSingleton<SeedDemo>());
        await Serve.StartAsync(app, settings, CancellationToken.None);
        Demo = await app.Services.GetRequiredService<SeedDemo>().RunAsync(simulators, "whsec_api", CancellationToken.None);
        using var plain = new HttpClient { BaseAddress = new(Demo.BaseUrl) };
        Document = new(await plain.GetStringAsync("/openapi/v1.json"));
    }

    public async Task DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await simulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>Calls whose every answer is checked against the document.</summary>
    internal HttpClient Open(string? bearer = null)
    {
        var http = new HttpClient(new CheckEveryAnswer(Document)) { BaseAddress = new(Demo.BaseUrl) };
        if (bearer is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        return http;
    }

    /// <summary>The same as the demo's member, who may do everything in the tenant.</summary>
    internal async Task<HttpClient> OpenAsMemberAsync()
    {
        var http = Open();
        using var answer = await http.PostAsJsonAsync("/api/session", new { email = Demo.Member.Email, password = Demo.Member.Password });
        http.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("__Host-tender=", StringComparison.Ordinal)).Split(';')[0]);
        return http;
    }

    /// <summary>The payer's card is charged at the simulator.</summary>
    internal async Task PayAsync(string clientSecret)
    {
        using var http = new HttpClient { BaseAddress = new(Demo.SimulatorsUrl) };
        using var answer = await http.PostAsJsonAsync("/_control/stripe/pay", new { clientSecret, card = "4242424242424242" });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Seals as the browser does: with a key it asks for.</summary>
    internal static async Task<string> SealAsync(HttpClient member, string secret, string purpose)
    {
        var key = await member.GetFromJsonAsync<JsonElement>("/api/encryption-key");
        string Word(string name) => key.GetProperty(name).GetString()!;
        byte[] Bytes(string name) => CanonicalBase64Url.TryDecode(key.GetProperty("jwk").GetProperty(name).GetString())!;
        var pair = new KeyPair(Word("kid"), Bytes("x"), Bytes("y"), [], default, default);
        return TestBrowser.Seal(secret, pair, new(Word("challenge"), key.GetProperty("expiresAt").GetDateTimeOffset()), Word("tenant"), purpose);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed class CheckEveryAnswer(DocumentedApi document) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            await document.CheckAsync(request, answer);
            return answer;
        }
    }
}
