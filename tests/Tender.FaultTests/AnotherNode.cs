using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tender.Server;
using Tender.Server.Commands;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>A second server on the shop's databases, on a port of its own; they know of each other through the databases alone.</summary>
internal sealed class AnotherNode : IAsyncDisposable
{
    private readonly WebApplication app;

    private AnotherNode(WebApplication app, Shop shop)
    {
        this.app = app;
        // By the name that the first one goes by: a browser's cookies are a host's, whatever the port.
        Address = new UriBuilder(shop.Demo.BaseUrl) { Port = new Uri(app.Urls.First()).Port }.Uri;
        Api = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = Address };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shop.Demo.ApiKey);
    }

    public Uri Address { get; }

    /// <summary>Calls with the tenant's key.</summary>
    public HttpClient Api { get; }

    /// <param name="with">Changes what this node is set to.</param>
    public static async Task<AnotherNode> StartAsync(Shop shop, Func<Settings, Settings>? with = null)
    {
        var settings = shop.Settings with { Port = 0 };
        settings = with?.Invoke(settings) ?? settings;
        var app = TenderApp.Build(settings);
        await Serve.StartAsync(app, settings, CancellationToken.None);
        // Until then it may not hear what the first one ends.
        await app.Services.GetRequiredService<OwnerNotices>().Listening;
        return new(app, shop);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
