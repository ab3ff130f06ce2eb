using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Tender.Server.Tenancy;

namespace Tender.Bench;

/// <summary>pgbench writing the rows that a session leaves in Tender's own tables, all in one transaction: the floor under every service on this PostgreSQL.</summary>
internal sealed partial class PgbenchSide(Ground ground, string program, string name, string script)
{
    public const string Database = "floor";
    private int round;

    /// <summary>Two ways of the same script: a statement a round trip, and all of them in one.</summary>
    public static async Task<(PgbenchSide Plain, PgbenchSide Pipelined)> CreateAsync(Ground ground, Options options)
    {
        await ground.CreateDatabaseAsync(Database);
        await using (var source = NpgsqlDataSource.Create(ground.Connection(Database).ConnectionString))
        {
            await new Migrator(TimeProvider.System).RunAsync(source, Migrator.ForTenants, CancellationToken.None);
        }

        var text = await File.ReadAllTextAsync(Path.Combine(options.BenchFolder, "pgbench", "prepare.sql"));
        await ground.ExecuteAsync(Database, text);
        var plain = Path.Combine(options.BenchFolder, "pgbench", "payment.sql");
        var pipelined = Path.Combine(ground.Folder, "pipelined.sql");
        await File.WriteAllTextAsync(pipelined, (await File.ReadAllTextAsync(plain)).Replace("begin;", "\\startpipeline\nbegin;").Replace("commit;", "commit;\n\\endpipeline"));
        return (new(ground, options.Pgbench, "pgbench", plain), new(ground, options.Pgbench, "pgbench, pipelined", pipelined));
    }

    public string Name => name;

    public async Task<Tally> RunAsync(int clients, TimeSpan time)
    {
        var before = await ground.CountAsync(Database, CheckoutRate.Tables);
        var at = ground.Connection(Database);
        var start = new ProcessStartInfo(program,
        [
            "-n", "-M", "prepared", "-c", $"{clients}", "-j", $"{Environment.ProcessorCount}", "-T", time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            "-D", "i=0", "-D", $"round={(name.Length * 1_000) + ++round}", "-f", script, "-h", at.Host!, "-U", at.Username!, Database,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = at.Password;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = await output;
        if (process.ExitCode is not 0) throw new BenchException($"pgbench failed: {await errors}");

        var done = long.Parse(Processed().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var perSecond = double.Parse(PerSecond().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        CheckoutRate.SameRows(name, before, await ground.CountAsync(Database, CheckoutRate.Tables), done, CheckoutRate.RowsOfTender);
        return new(done, TimeSpan.FromSeconds(done / perSecond), new Dictionary<int, long>(), null);
    }

    [GeneratedRegex(@"actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial")]
    private static partial Regex PerSecond();
}
