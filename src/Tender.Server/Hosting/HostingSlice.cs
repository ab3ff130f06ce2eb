namespace Tender.Server.Hosting;

/// <summary>What stands around every request.</summary>
internal static class HostingSlice
{
    public static void AddHosting(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(settings.Port));
    }

    public static void UseHosting(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" }));
    }
}
