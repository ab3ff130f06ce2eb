using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tender.Simulators.Clock;
using Tender.Simulators.Stripe;

namespace Tender.Simulators;

/// <summary>Builds the simulators as one web application. Each call has a state of its own, so tests can run many side by side.</summary>
public static class SimulatorHost
{
    // Nobody waits for its answers any more, but the next one for its port.
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(1);

    /// <summary>The same arguments as the program: <c>--urls</c>, <c>--latency-ms</c> and the rest of docs/simulators.md.</summary>
    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args);
        var options = SimulatorOptions.From(builder.Configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Limits).UseUrls(options.Urls);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopsWithin);
        builder.Services.AddSingleton(options);
        builder.Services.AddClock();
        builder.Services.AddStripe();

        var app = builder.Build();
        app.MapGet("/", () => Results.Text("Tender's simulators. No money moves here. See docs/simulators.md."));
        app.MapClock();
        app.MapStripe();
        return app;
    }

    private static void Limits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
    }
}
