using System.Diagnostics;
using Tender.Server;

namespace Tender.FaultTests;

/// <summary>Tender's program on the shop's databases, in a process of its own.</summary>
internal static class TenderProgram
{
    public static ProcessStartInfo For(Shop shop, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = shop.Settings.DataFolder };
        start.ArgumentList.Add(typeof(TenderApp).Assembly.Location);
        foreach (var word in words) start.ArgumentList.Add(word);
        start.Environment["PORT"] = $"{shop.Settings.Port}";
        start.Environment["TENDER_DATA"] = shop.Settings.DataFolder;
        start.Environment["DATABASE_URL"] = shop.Settings.Database;
        start.Environment["SIMULATORS_URL"] = shop.SimulatorUrl;
        start.Environment["STRIPE_WEBHOOK_SECRET"] = "whsec_faulttests";
        return start;
    }

    /// <summary>Runs one verb to its end.</summary>
    public static Task<(int Code, string Says)> RunAsync(Shop shop, params string[] words) => RunAsync(For(shop, words));

    /// <summary>The same, with another environment.</summary>
    public static async Task<(int Code, string Says)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
