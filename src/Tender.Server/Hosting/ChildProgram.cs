using System.Diagnostics;

namespace Tender.Server.Hosting;

/// <summary>Runs another program to its end, as another user where Tender is root and the program refuses root.</summary>
internal static class ChildProgram
{
    public static async Task<Ended> RunAsync(string program, IReadOnlyList<string> arguments, UnixUser? user, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // A folder that every user can enter: PostgreSQL's programs complain about one that they cannot.
            WorkingDirectory = "/",
        };
        Command(start, program, arguments, user);
        ForgetOtherServers(start);

        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new(process.ExitCode, (await output).Trim(), (await errors).Trim());
    }

    private static void Command(ProcessStartInfo start, string program, IReadOnlyList<string> arguments, UnixUser? user)
    {
        start.FileName = user is null ? program : "setpriv";
        if (user is not null)
        {
            start.ArgumentList.Add($"--reuid={user.Id}");
            start.ArgumentList.Add($"--regid={user.GroupId}");
            start.ArgumentList.Add("--clear-groups");
            start.ArgumentList.Add(program);
        }
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
    }

    // The caller's PGDATA, PGHOST and locale belong to some other server.
    private static void ForgetOtherServers(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("PG", StringComparison.Ordinal) || n.StartsWith("LC_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        start.Environment["LC_ALL"] = "C";
    }

    /// <summary>How the program ended, and what it said.</summary>
    internal sealed record Ended(int ExitCode, string Output, string Errors)
    {
        public bool Well => ExitCode is 0;

        /// <summary>What it said, on one line.</summary>
        public string Says => string.Join(' ', (Errors.Length > 0 ? Errors : Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
