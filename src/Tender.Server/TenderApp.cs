using Tender.Server.Console;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Products;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

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
        builder.Services.AddTenancy(settings.Database ?? throw new ArgumentException("No database was opened.", nameof(settings)));
        builder.Services.AddSecrets(settings.MasterKey, settings.DataFolder);
        builder.Services.AddMembers();
        builder.Services.AddEvents();
        builder.Services.AddProducts();
        builder.Services.AddConsole();
        change?.Invoke(builder);

        var app = builder.Build();
        app.UseHosting();
        app.UseBrowserFiles();
        app.UseIdempotency();
        app.UseMembers();
        app.UseAntiforgery();
        app.MapHosting();
        app.MapMembers();
        app.MapProducts();
        app.MapConsole();
        return app;
    }
}
