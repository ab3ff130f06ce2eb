using System.CommandLine;

namespace Tender.Server.Commands;

/// <summary>tender serve: the server, until it is told to stop.</summary>
internal static class Serve
{
    public static Command Verb()
    {
        var verb = new Command("serve", "Starts the server (the default).");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var installation = await Installation.OpenAsync(cancellation);
        await using var app = TenderApp.Build(installation.Settings);
        await app.RunAsync(cancellation);
        return 0;
    }
}
