using System.Diagnostics;
using System.Text.Json;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Stripe's own library for Node (tests/node), asked to sign.</summary>
internal static class StripeLibrary
{
    public static async Task<string> SignAsync(string payload, string secret, long timestamp)
    {
        var folder = Path.Combine(Repository.Root, "tests", "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "stripe"))) await RunAsync(folder, "npm", "", "ci", "--silent");
        return await RunAsync(folder, "node", JsonSerializer.Serialize(new { payload, secret, timestamp }), "sign-stripe.mjs");
    }

    private static async Task<string> RunAsync(string folder, string program, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return await output;
    }
}
