using Tender.Server.Console;
using Tender.Server.Hosting;

namespace Tender.Server;

/// <summary>
/// What the server consists of: one Add and one Map line for each slice. The command line serves it; tests build it in
/// their own process, on a port of their own.
/// </summary>
public static class TenderApp
{
    /// <summary>The whole server, not yet started. <see cref="Settings.Database"/> must be given.</summary>
    public static WebApplication Build(Settings settings, Action<WebApplicationBuilder>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddHosting(settings);
        builder.Services.AddConsole();
        change?.Invoke(builder);

        var app = builder.Build();
        app.UseBrowserFiles();
        app.UseHosting();
        app.UseAntiforgery();
        app.MapConsole();
        return app;
    }
}
