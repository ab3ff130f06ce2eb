using System.CommandLine;
using Tender.Server.Hosting;
using Tender.Server.Members;

namespace Tender.Server.Commands;

/// <summary>tender serve: the server, until it is told to stop.</summary>
internal static partial class Serve
{
    public static Command Verb()
    {
        var verb = new Command("serve", "Starts the server (the default).");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var installation = await Installation.OpenAsync(settings =>
        {
            ListeningPort.EnsureFree(settings);
            return settings;
        }, cancellation);
        await using var app = TenderApp.Build(installation.Settings, installation.Keep);
        await StartAsync(app, installation.Settings, cancellation);
        await app.Services.GetRequiredService<OfferSetUp>().RunAsync(cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>Opens the databases, then listens.</summary>
    /// <exception cref="CannotStartException">Another program has the port.</exception>
    public static async Task StartAsync(WebApplication app, Settings settings, CancellationToken cancellation)
    {
        await TenderApp.OpenDatabasesAsync(app, cancellation);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw ListeningPort.Taken(settings.Port, taken);
        }
        LogListening(app.Logger, string.Join(", ", app.Urls));
    }

    [LoggerMessage(1, LogLevel.Information, "Tender listens on {Urls}")]
    private static partial void LogListening(ILogger log, string urls);
}
