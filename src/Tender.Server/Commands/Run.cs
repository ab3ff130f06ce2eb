using System.CommandLine;
using System.Security.Cryptography;
using Spectre.Console;
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
        Tell(running.Demo);
        await running.App.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>Everything started and seeded.</summary>
    internal static async Task<Running> StartAsync(CancellationToken cancellation)
    {
        var port = (await Settings.ReadAsync(cancellation)) is var read && read.Port is 0 ? 0 : read.Port + 1;
        Directory.CreateDirectory(read.DataFolder);
        var simulators = await Simulators.StartAsync(port, Path.Combine(read.DataFolder, "simulators.json"), cancellation);
        var webhookSecret = await KeptWebhookSecretAsync(read.DataFolder, cancellation);
        var installation = await Installation.OpenAsync(settings => settings.Beside(simulators.Url, webhookSecret), cancellation);
        var app = TenderApp.Build(installation.Settings, builder =>
        {
            installation.Keep(builder);
            builder.Services.AddSingleton<SeedDemo>();
        });
        await Serve.StartAsync(app, installation.Settings, cancellation);
        var demo = await app.Services.GetRequiredService<SeedDemo>().RunAsync(simulators.Url, webhookSecret, cancellation);
        return new(app, installation, simulators, demo);
    }

    private static void Tell(DemoFile demo)
    {
        var table = new Table().HideHeaders().Border(TableBorder.None).AddColumn("").AddColumn("");
        table.AddRow("Console", $"{demo.BaseUrl}/console");
        table.AddRow("", $"{demo.Member.Email}  {demo.Member.Password}");
        table.AddRow("Owner", $"{demo.Owner.Email}  {demo.Owner.Password}");
        table.AddRow("API key", demo.ApiKey);
        table.AddRow("Shop", "dotnet run examples/shop/shop.cs");
        table.AddRow("Test card", "4242 4242 4242 4242, any date ahead, any CVC");
        table.AddRow("All of it", "data/demo.json");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine("[grey]Ctrl-C stops it.[/]");
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
    internal sealed record Running(WebApplication App, Installation Installation, Simulators Simulators, DemoFile Demo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await App.StopAsync();
            await App.DisposeAsync();
            await Installation.DisposeAsync();
            await Simulators.DisposeAsync();
        }
    }
}
