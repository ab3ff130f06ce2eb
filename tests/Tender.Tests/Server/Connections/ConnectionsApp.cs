using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Connections;

/// <summary>The slice over real HTTP, with a member who is known already; who may call is on trial elsewhere.</summary>
internal sealed class ConnectionsApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private ConnectionsApp(WebApplication app, TestConnections tenant) => (this.app, Tenant) = (app, tenant);

    public TestConnections Tenant { get; }

    public HttpClient Http { get; private set; } = null!;

    public static async Task<ConnectionsApp> StartAsync()
    {
        var tenant = await TestConnections.NewAsync(TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddHosting(TestConnections.TestSettings() with { Database = await TestDatabases.ConnectionStringAsync(tenant.Owner) });
        builder.Logging.ClearProviders().AddProvider(tenant.Log).SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Trace).AddFilter("System", LogLevel.Trace);
        tenant.AddTo(builder.Services).AddScoped(_ => tenant.Acme);
        var app = builder.Build();
        app.UseHosting();
        app.Use((context, next) =>
        {
            context.Features.Set(new Recognition.Known(TestConnections.Admin, tenant.Acme));
            return next(context);
        });
        app.UseIdempotency();
        app.MapProviderConnections();
        app.MapSecrets();
        app.MapAudit();
        await app.StartAsync();
        return new(app, tenant) { Http = new() { BaseAddress = new(app.Urls.Single()) } };
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web) };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length is 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Seals as the browser does: with a key it asks for.</summary>
    public async Task<string> SealAsync(string secret, string purpose)
    {
        var (_, key) = await SendAsync(HttpMethod.Get, "/api/encryption-key");
        string Word(string name) => key.GetProperty(name).GetString()!;
        var pair = new KeyPair(Word("kid"), Bytes(key, "x"), Bytes(key, "y"), [], default, default);
        return Secrets.TestBrowser.Seal(secret, pair, new(Word("challenge"), key.GetProperty("expiresAt").GetDateTimeOffset()), Word("tenant"), purpose);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    private static byte[] Bytes(JsonElement key, string name) => CanonicalBase64Url.TryDecode(key.GetProperty("jwk").GetProperty(name).GetString())!;
}
