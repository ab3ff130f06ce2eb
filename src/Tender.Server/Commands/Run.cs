using System.CommandLine;
using System.Security.Cryptography;
using Tender.Server.Commands.Demo;
using Tender.Server.Hosting;

namespace Tender.Server.Commands;

/// <summary>tender run: the server with simulators beside it and a demo tenant, for trying and developing.</summary>
internal static class Run
{
    public static Command Verb()
    {
        var verb = new Command("run", "Starts the server, simulators beside it, and a demo tenant.");
        verb.SetAction((_, cancellation) => RunAsync(cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var running = await StartAsync(cancellation);
        await TellAsync(running.Demo, DemoFile.PathIn(running.Installation.Settings.DataFolder));
        await running.App.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>Everything started and seeded.</summary>
    /// <exception cref="CannotStartException">Another run has the data folder, or something else stands in the way.</exception>
    internal static async Task<Running> StartAsync(CancellationToken cancellation)
    {
        var read = await Settings.ReadAsync(cancellation);
        Directory.CreateDirectory(read.DataFolder);
        // demo.json and the simulators' state tell of one run: a second one would write over the first.
        var alone = FileLock.TryExclusive(Path.Combine(read.DataFolder, "run.lock")) ?? throw await IsRunningAsync(read, cancellation);
        try
        {
            ListeningPort.EnsureFree(read);
            var simulators = await Simulators.StartAsync(read.Port is 0 ? 0 : read.Port + 1, Path.Combine(read.DataFolder, "simulators.json"), cancellation);
            var webhookSecret = await KeptWebhookSecretAsync(read.DataFolder, cancellation);
            var installation = await Installation.OpenAsync(settings => settings.Beside(simulators.Url, webhookSecret), cancellation);
            var app = TenderApp.Build(installation.Settings, builder =>
            {
                installation.Keep(builder);
                builder.Services.AddSingleton<SeedDemo>();
            });
            await Serve.StartAsync(app, installation.Settings, cancellation);
            var demo = await app.Services.GetRequiredService<SeedDemo>().RunAsync(simulators.Url, webhookSecret, cancellation);
            return new(app, installation, simulators, demo, alone);
        }
        catch
        {
            await alone.DisposeAsync();
            throw;
        }
    }

    private static async Task<CannotStartException> IsRunningAsync(Settings settings, CancellationToken cancellation)
    {
        var at = await DemoFile.ReadAsync(settings.DataFolder, cancellation) is { } demo ? $" at {demo.BaseUrl}" : "";
        return new($"Another run serves the data folder {settings.DataFolder}{at}; end it first, or set TENDER_DATA to another folder and PORT to another port.");
    }

    private static async Task TellAsync(DemoFile demo, string file)
    {
        (string What, string Says)[] lines =
        [
            ("Console", $"{demo.BaseUrl}/console"),
            ("", $"{demo.Member.Email}  {demo.Member.Password}"),
            ("Owner", $"{demo.Owner.Email}  {demo.Owner.Password}"),
            ("API key", demo.ApiKey),
            ("Simulators", demo.SimulatorsUrl),
            ("Shop", "dotnet run examples/shop/shop.cs"),
            ("Test card", "4242 4242 4242 4242, any date ahead, any CVC"),
            ("All of it", file),
        ];
        foreach (var (what, says) in lines) await System.Console.Out.WriteLineAsync($"{what,-12}{says}");
        await System.Console.Out.WriteLineAsync("Ctrl-C stops it.");
    }

    private static async Task<string> KeptWebhookSecretAsync(string dataFolder, CancellationToken cancellation)
    {
        var file = Path.Combine(dataFolder, "demo-webhook.secret");
        if (File.Exists(file)) return (await File.ReadAllTextAsync(file, cancellation)).Trim();
        var secret = $"whsec_{RandomNumberGenerator.GetHexString(48, lowercase: true)}";
        await File.WriteAllTextAsync(file, secret, cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return secret;
    }

    /// <summary>What was started, to be stopped in the other order.</summary>
    internal sealed record Running(WebApplication App, Installation Installation, Simulators Simulators, DemoFile Demo, FileStream Alone) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await App.StopAsync();
            await App.DisposeAsync();
            await Installation.DisposeAsync();
            await Simulators.DisposeAsync();
            await Alone.DisposeAsync();
        }
    }
}
