using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tender.Server;
using Tender.Server.Commands;
using Tender.Server.Hosting;

namespace Tender.Tests.Server;

/// <summary>The whole server in this process: real Kestrel on a free port, a real database of its own.</summary>
internal sealed class RunningTender : IAsyncDisposable
{
    private static int made;
    private readonly DirectoryInfo folder;

    private RunningTender(WebApplication app, DirectoryInfo folder)
    {
        this.folder = folder;
        App = app;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(address) };
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    /// <param name="with">Changes settings; <paramref name="routes"/> adds routes that only a test needs, <paramref name="change"/> what else a verb adds.</param>
    public static async Task<RunningTender> StartAsync(PrivatePostgres? postgres = null, Func<Settings, Settings>? with = null, Action<WebApplication>? routes = null, Action<WebApplicationBuilder>? change = null)
    {
        postgres ??= await TestDatabases.ServerAsync();
        var folder = Directory.CreateTempSubdirectory("tender-running-");
        var settings = await Settings.ReadAsync(new Dictionary<string, string> { ["PORT"] = "0", ["TENDER_DATA"] = folder.FullName }, folder.FullName, CancellationToken.None);
        settings = settings with
        {
            OnlyThisMachine = true,
            Database = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = $"tender_{Interlocked.Increment(ref made)}" }.ConnectionString,
        };
        var app = TenderApp.Build(with?.Invoke(settings) ?? settings, change);
        routes?.Invoke(app);
        await Serve.StartAsync(app, settings, CancellationToken.None);
        return new(app, folder);
    }

    /// <summary>The status and the JSON of an answer.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
