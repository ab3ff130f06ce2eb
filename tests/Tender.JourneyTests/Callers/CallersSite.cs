using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Server;
using Tender.Server.Commands;
using Tender.Server.Commands.Demo;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;
using Tender.Simulators;
using Tender.Tests.Server;

namespace Tender.JourneyTests.Callers;

/// <summary>
/// The whole server with a tenant that has everything (a connected account, products, a paid, fulfilled and refunded payment) and
/// another tenant, whose key and members are tried on all of it.
/// </summary>
public sealed class CallersSite : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-callers-");
    private WebApplication simulator = null!;
    private WebApplication app = null!;
    private Tenant eve = null!;

    /// <summary>Every caller there is, by the words of the table; each is of the second tenant, but for the owner.</summary>
    internal IReadOnlyDictionary<string, CallerOnTrial> Callers { get; private set; } = null!;

    internal IReadOnlyList<RouteOnTrial> Routes { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    /// <summary>What stands on pages about the first tenant.</summary>
    internal static readonly string[] VictimWords = ["Harbour", "Festival", "bea@example.com", "Bea Tour", "pk_test_tenderdemo"];

    internal string EveCode => eve.Code;

    /// <summary>The ids of everything the first tenant has.</summary>
    internal IReadOnlyList<string> VictimIds { get; private set; } = [];

    internal TenantDb Victim { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        simulator = SimulatorHost.Build("--urls", "http://127.0.0.1:0");
        await simulator.StartAsync();
        var settings = await SettingsAsync(new(simulator.Urls.First()));
        app = TenderApp.Build(settings, builder => builder.Services.AddSingleton<SeedDemo>());
        await Serve.StartAsync(app, settings, CancellationToken.None);
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(app.Urls.First()) };

        var demo = await Get<SeedDemo>().RunAsync(new(simulator.Urls.First()), "whsec_callers", CancellationToken.None);
        await LiveThroughAsync(demo);
        Victim = (await Get<TenantDatabases>().FindAsync(demo.TenantId, default))!;
        VictimIds = await IdsAsync(Victim);
        eve = await Get<CreateTenant>().RunAsync("eve", "Eve", "usd", "business", default);
        Callers = await CallersAsync();
        Routes = [.. Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(RouteOnTrial.Of)];
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await simulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>A fingerprint of what nobody but the first tenant may change.</summary>
    internal async Task<string> VictimStateAsync() => (await Victim.QuerySingleOrDefaultAsync<string>("""
        select md5(concat_ws('|',
          (select json_agg(t order by id)::text from (select id, status, amount_minor, refunded_minor from payments) t),
          (select json_agg(t order by id)::text from refunds t),
          (select json_agg(t order by id)::text from products t),
          (select json_agg(t order by id)::text from payment_links t),
          (select json_agg(t order by id)::text from (select id, name, is_enabled, priority, fields, sealed_secrets, updated_at from connections) t)))
        """, null, default))!;

    private T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    private async Task<Settings> SettingsAsync(Uri simulators)
    {
        var postgres = await TestDatabases.ServerAsync();
        var read = await Settings.ReadAsync(
            new Dictionary<string, string> { ["PORT"] = $"{FreePort()}", ["TENDER_DATA"] = folder.FullName, ["SIMULATORS_URL"] = simulators.ToString() }, folder.FullName, CancellationToken.None);
        return read.Beside(simulators, "whsec_callers") with
        {
            Database = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "tender_callers" }.ConnectionString,
            OnlyThisMachine = true,
        };
    }

    private static async Task LiveThroughAsync(DemoFile demo)
    {
        using var shop = new HttpClient { BaseAddress = new(demo.BaseUrl) };
        shop.DefaultRequestHeaders.Authorization = new("Bearer", demo.ApiKey);
        foreach (var (_, step, act) in Tour.StepsOf(shop, demo)) (await act(CancellationToken.None)).ShouldNotBeNull(step);
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(TenantDb db)
    {
        var tables = await db.QueryAsync<string>("""
            select table_name from information_schema.columns where table_schema = 'public' and column_name = 'id' and data_type = 'text' order by 1
            """, null, default);
        var ids = new List<string>();
        foreach (var table in tables) ids.AddRange(await db.QueryAsync<string>($"select id from {table} limit 2", null, default));
        return ids;
    }

    private async Task<IReadOnlyDictionary<string, CallerOnTrial>> CallersAsync()
    {
        var key = await Get<CreateApiKey>().RunAsync(eve.Code, Mode.Test, "Eve's", [], "usr_eve", default);
        var ownerKey = await Get<CreateApiKey>().RunAsync(null, Mode.Test, "Owner's", [], "usr_eve", default);
        var revoked = await Get<CreateApiKey>().RunAsync(eve.Code, Mode.Test, "Revoked", [], "usr_eve", default);
        await Get<RevokeApiKey>().RunAsync(eve.Code, revoked.Id, "usr_eve", default);
        return new Dictionary<string, CallerOnTrial>(StringComparer.Ordinal)
        {
            ["no key"] = new(Server.Members.Callers.None, null, null, null),
            ["a wrong key"] = new(Server.Members.Callers.None, $"Bearer sk_{new string('0', 64)}", null, "invalid_api_key"),
            ["a revoked key"] = new(Server.Members.Callers.None, $"Bearer {revoked.Key}", null, "invalid_api_key"),
            ["a key"] = new(Server.Members.Callers.Key, $"Bearer {key.Key}", null, null),
            ["an owner's key"] = new(Server.Members.Callers.Owner, $"Bearer {ownerKey.Key}", null, null),
            ["a user"] = new(Server.Members.Callers.User, $"Bearer {UserToken.Of(eve.Code, Get<Settings>().JwtSecret)}", null, null),
            ["a viewer"] = await MemberAsync("viewer", Server.Members.Callers.Viewer),
            ["an operator"] = await MemberAsync("operator", Server.Members.Callers.Viewer | Server.Members.Callers.Operator),
            ["an admin"] = await MemberAsync("admin", Server.Members.Callers.Viewer | Server.Members.Callers.Operator | Server.Members.Callers.Admin),
            ["an owner"] = await MemberAsync("owner", Server.Members.Callers.Owner),
        };
    }

    private async Task<CallerOnTrial> MemberAsync(string role, Server.Members.Callers rights)
    {
        var email = $"{role}@eve.example";
        var isOwner = role is "owner";
        (await Get<CreateMember>().RunAsync(email, Password, role, isOwner ? null : eve.Code, isOwner ? "admin" : role, isOwner, default)).ShouldBeOfType<CreateMember.Outcome.Made>();
        using var answer = await Http.PostAsJsonAsync("/api/session", new { email, password = Password });
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("__Host-tender=", StringComparison.Ordinal)).Split(';')[0];
        using var page = await Http.SendAsync(new CallerOnTrial(rights, null, cookie, null).Ask("GET", "/console/account"));
        var formCookie = page.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("tender-form=", StringComparison.Ordinal)).Split(';')[0];
        var token = Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        token.ShouldNotBeEmpty();
        return new(rights, null, $"{cookie}; {formCookie}", null, token);
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}
