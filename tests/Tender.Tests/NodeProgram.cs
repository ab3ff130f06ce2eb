using System.Diagnostics;

namespace Tender.Tests;

/// <summary>A Node program beside its package file, asked one question; software that is not ours judges what is.</summary>
internal static class NodeProgram
{
    /// <summary>What the program printed; its packages are installed where the one that is needed is missing.</summary>
    /// <param name="folder">Below the repository: where package.json lies.</param>
    public static async Task<string> AskAsync(string folder, string package, string program, string question)
    {
        var place = Path.Combine(Repository.Root, folder);
        if (!Directory.Exists(Path.Combine(place, "node_modules", package))) await RunAsync(place, "npm", "", "ci", "--silent");
        return await RunAsync(place, "node", question, program);
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
