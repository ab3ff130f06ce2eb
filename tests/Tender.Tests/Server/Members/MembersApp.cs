using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

/// <summary>The whole server with two tenants, and a route for each kind of caller: what stands before routes is on trial.</summary>
public sealed class MembersApp : IAsyncLifetime
{
    private RunningTender tender = null!;

    internal Tenant Acme { get; private set; } = null!;

    internal Tenant Other { get; private set; } = null!;

    internal HttpClient Http => tender.Http;

    internal T Get<T>()
        where T : notnull => tender.App.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        tender = await RunningTender.StartAsync(routes: Map);
        Acme = await Get<CreateTenant>().RunAsync("acme", "Acme", "usd", "pro", default);
        Other = await Get<CreateTenant>().RunAsync("other", "Other", "eur", "pro", default);
    }

    public async Task DisposeAsync() => await tender.DisposeAsync();

    /// <summary>Another node on the same databases, with the same secrets.</summary>
    internal async Task<RunningTender> StartNodeAsync()
    {
        var settings = Get<Settings>();
        var masterKey = await File.ReadAllTextAsync(Path.Combine(settings.DataFolder, "master.key"));
        return await RunningTender.StartAsync(routes: Map, with: own => own with
        {
            Database = settings.Database,
            JwtSecret = settings.JwtSecret,
            MasterKey = new(masterKey),
        });
    }

    internal Task<CreateApiKey.NewKey> NewKeyAsync(Tenant tenant, params string[] scopes) =>
        Get<CreateApiKey>().RunAsync(tenant.Code, Mode.Test, "a key", scopes, "usr_1", default);

    internal Task<HttpResponseMessage> SendAsync(string path, string? bearer = null, HttpMethod? method = null) => SendAsync(Http, path, bearer, method);

    internal static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string? bearer = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        return await http.SendAsync(request);
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/test/undeclared", () => "never");
        app.MapGet("/test/public", (HttpContext http) => http.TryCaller()?.Actor ?? "nobody").CallableBy(Callers.Public);
        app.MapGet("/test/either", (HttpContext http) => http.TryCaller()?.Actor ?? "nobody").CallableBy(Callers.Public | Callers.Key);
        app.MapMethods("/test/key", ["GET", "POST"], (HttpContext http, TenantDb db) => $"{http.Caller().Actor} {db.Tenant.Slug}").CallableBy(Callers.Key);
        foreach (var kind in new[] { Callers.User, Callers.Viewer, Callers.Operator, Callers.Admin, Callers.Owner })
            app.MapMethods($"/test/{kind}", ["GET", "POST"], (HttpContext http) => $"{http.Caller().Actor} {http.Caller().Tenant} {http.Caller().UserId}").CallableBy(kind);
    }
}
