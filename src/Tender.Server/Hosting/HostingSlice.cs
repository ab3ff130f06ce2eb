using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;

namespace Tender.Server.Hosting;

/// <summary>What stands around every request.</summary>
internal static class HostingSlice
{
    public const int BodyBytesMax = 1_000_000;

    // What was begun when the server is told to stop may end: a provider's answer takes up to half of this.
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(30);

    public static void AddHosting(this WebApplicationBuilder builder, Settings settings)
    {
        AddLog(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RefuseLargeBodies.TakenInMax;
            Listen(kestrel, settings);
        });
        builder.Services
            .AddSingleton(settings)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<DatabaseWatch>()
            .AddHostedService(services => services.GetRequiredService<DatabaseWatch>())
            .AddSingleton(Idempotency.Forgotten)
            .Configure<HostOptions>(host => host.ShutdownTimeout = StopsWithin)
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
            .ConfigureHttpJsonOptions(json => RequestJson.Configure(json.SerializerOptions))
            .Configure<ForwardedHeadersOptions>(headers => Trust(headers, settings.TrustedProxies))
            .AddSingleton<IProblemDetailsWriter, ProblemWriter>()
            .AddProblemDetails()
            .AddValidation();
    }

    /// <summary>In the order in which a request meets them.</summary>
    public static void UseHosting(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<AnswerFailures>();
        // Pages know their own address by it, and it is whatever the sender wrote; HTTP/1.0 needs none.
        app.Use(static (context, next) =>
        {
            if (!context.Request.Host.HasValue) context.Request.Host = new("localhost");
            return Uri.TryCreate($"http://{context.Request.Host}", UriKind.Absolute, out _)
                ? next(context)
                : Problem.BadRequest("invalid_host", "The header Host is no address.").ExecuteAsync(context);
        });
        app.UseMiddleware<RefuseLargeBodies>();
        // HEAD is routed as GET; its body the server leaves out by itself.
        app.Use(static (context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method)) (context.Request.Method, context.Items[HttpMethods.Head]) = (HttpMethods.Get, true);
            return next(context);
        });
        app.UseRouting();
        app.Use(static (context, next) =>
        {
            if (context.Items.Remove(HttpMethods.Head)) context.Request.Method = HttpMethods.Head;
            return next(context);
        });
        app.UseMiddleware<RefuseDuringOutage>();
    }

    public static void MapHosting(this IEndpointRouteBuilder routes) => routes.MapHealth();

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, Settings settings)
    {
        if (!settings.OnlyThisMachine) kestrel.ListenAnyIP(settings.Port);
        else if (settings.Port is 0) kestrel.Listen(IPAddress.Loopback, 0);
        else kestrel.ListenLocalhost(settings.Port);
    }

    private static void AddLog(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            line.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // A terminal that reads slowly must not slow a payment down.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }

    // Loopback is believed by default: what others write into these headers is not, unless the operator names them. Of a chain
    // of proxies the last one that nobody vouches for is the caller.
    private static void Trust(ForwardedHeadersOptions options, IEnumerable<System.Net.IPNetwork> proxies)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.ForwardLimit = null;
        foreach (var proxy in proxies) options.KnownIPNetworks.Add(proxy);
    }
}
