using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Server.Events;
using Tender.Server.Fulfilment;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Fulfilment;

/// <summary>A host with what hands out: its routes, its workers, real databases, two tenants.</summary>
internal sealed class FulfilmentApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private FulfilmentApp(WebApplication app) => this.app = app;

    public HttpClient Http { get; private init; } = null!;

    public TenantDb Db { get; private init; } = null!;

    public Tenant Other { get; private init; } = null!;

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<FulfilmentApp> StartAsync(TimeProvider? time = null, SmtpServer? smtp = null)
    {
        var owner = await TestDatabases.NewOwnerAsync();
        var name = new NpgsqlConnectionStringBuilder(owner.Source.ConnectionString).Database;
        var connection = new NpgsqlConnectionStringBuilder((await TestDatabases.ServerAsync()).ConnectionString) { Database = name }.ConnectionString;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var settings = await Settings.ReadAsync(new Dictionary<string, string> { ["FRONTEND_URL"] = "https://pay.example.com", ["JWT_SECRET"] = new('j', 64) }, Path.GetTempPath(), default);
        builder.Services.AddSingleton(settings with { Smtp = smtp }).AddSingleton(time ?? TimeProvider.System).AddSecrets(masterKey: null, Path.GetTempPath()).AddSingleton(MasterKey.TryParse(MasterKey.NewText())!)
            .AddTenancy(connection).AddMembers().AddEvents().AddFulfilment();
        var app = builder.Build();
        app.UseMembers();
        app.MapFulfilment();
        await app.StartAsync();

        var create = app.Services.GetRequiredService<CreateTenant>();
        var acme = await create.RunAsync("acme", "Acme", "eur", "pro", default);
        return new(app)
        {
            Http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new(app.Urls.Single()) },
            Db = (await app.Services.GetRequiredService<TenantDatabases>().FindAsync(acme.Code, default))!,
            Other = await create.RunAsync("other", "Other", "eur", "pro", default),
        };
    }

    public async Task<Given> SellAsync(int quantity = 1, string kind = "ticket", string? downloadUrl = null)
    {
        var sale = await TestSales.PaidAsync(Db, Get<Ids>(), quantity, kind: kind, downloadUrl: downloadUrl);
        await TestSales.SettleAsync(Db, sale, Get<Ids>());
        return await ReadFulfilment.RunAsync(Db, sale.PaymentId, default);
    }

    /// <summary>Follows a link as its holder would, on this host.</summary>
    public Task<HttpResponseMessage> OpenAsync(string link) => Http.GetAsync(new Uri(link).PathAndQuery);

    public async Task<HttpResponseMessage> OpenAsync(string path, Tenant tenant)
    {
        var key = await Get<CreateApiKey>().RunAsync(tenant.Code, Mode.Live, "a key", [], "usr_1", default);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Authorization", $"Bearer {key.Key}");
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
