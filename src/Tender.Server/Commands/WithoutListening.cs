using Tender.Server.Hosting;

namespace Tender.Server.Commands;

/// <summary>Everything the server has, for a verb that does one thing and ends: databases open and up to date, no port.</summary>
internal static class WithoutListening
{
    /// <exception cref="CannotStartException">A setting is bad, or the database cannot be used.</exception>
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> work, CancellationToken cancellation)
    {
        await using var installation = await Installation.OpenAsync(cancellation);
        await using var app = TenderApp.Build(installation.Settings, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await TenderApp.OpenDatabasesAsync(app, cancellation);
        return await work(app.Services);
    }

    public static Task SayAsync(string line) => System.Console.Out.WriteLineAsync(line);
}
