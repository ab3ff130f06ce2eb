using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

/// <summary>A small host with real databases, two tenants and a route for each kind of caller: only what stands before routes is on trial.</summary>
internal sealed class MembersApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private MembersApp(WebApplication app) => this.app = app;

    public HttpClient Http { get; private set; } = null!;

    public Tenant Acme { get; private set; } = null!;

    public Tenant Other { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public static async Task<MembersApp> StartAsync()
    {
        var owner = await TestDatabases.NewOwnerAsync();
        var server = await TestDatabases.ServerAsync();
        var name = new NpgsqlConnectionStringBuilder(owner.Source.ConnectionString).Database;
        return await StartAsync(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString);
    }

    /// <summary>A second node on the same databases.</summary>
    public static async Task<MembersApp> StartAsync(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System).AddTenancy(connectionString).AddMembers();
        var app = builder.Build();
        app.UseMembers();
        Map(app);
        await app.StartAsync();

        var create = app.Services.GetRequiredService<CreateTenant>();
        return new(app)
        {
            Http = new() { BaseAddress = new(app.Urls.Single()) },
            Acme = await create.RunAsync("acme", "Acme", "usd", "pro", default),
            Other = await create.RunAsync("other", "Other", "eur", "pro", default),
        };
    }

    public Task<CreateApiKey.NewKey> NewKeyAsync(Tenant tenant, params string[] scopes) =>
        Get<CreateApiKey>().RunAsync(tenant.Code, Mode.Test, "a key", scopes, "usr_1", default);

    public async Task<HttpResponseMessage> SendAsync(string path, string? bearer = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/undeclared", () => "never");
        app.MapGet("/public", (HttpContext http) => http.TryCaller()?.Actor ?? "nobody").CallableBy(Callers.Public);
        app.MapGet("/either", (HttpContext http) => http.TryCaller()?.Actor ?? "nobody").CallableBy(Callers.Public | Callers.Key);
        app.MapMethods("/key", ["GET", "POST"], (HttpContext http, TenantDb db) => $"{http.Caller().Actor} {db.Tenant.Slug}").CallableBy(Callers.Key);
        foreach (var kind in new[] { Callers.User, Callers.Viewer, Callers.Operator, Callers.Admin, Callers.Owner })
            app.MapGet($"/{kind}", (HttpContext http) => http.Caller()).CallableBy(kind);
    }
}
