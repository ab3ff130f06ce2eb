using System.Globalization;
using System.Text.RegularExpressions;

namespace Tender.Server.Hosting;

/// <summary>PostgreSQL's programs on this machine.</summary>
internal sealed partial record PostgresPrograms(string Folder, int Version)
{
    /// <summary>The oldest PostgreSQL that Tender is tested with: Debian 12's.</summary>
    public const int VersionMin = 15;

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    // Distributions keep the server's programs out of PATH: Debian, Red Hat, Alpine, Homebrew.
    private static readonly string[] Parents = ["/usr/lib/postgresql", "/usr", "/usr/libexec", "/opt/homebrew/opt", "/usr/local/opt"];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Those in PATH first, then the newest installed; only of one version where a cluster needs that one.</summary>
    public static async Task<PostgresPrograms> FindAsync(int? onlyVersion, CancellationToken cancellation)
    {
        var found = new List<PostgresPrograms>();
        foreach (var folder in Candidates().Where(HasAll))
        {
            if (await VersionAsync(folder, cancellation) is not { } version) continue;
            if (version >= VersionMin && (onlyVersion is null || onlyVersion == version)) return new(folder, version);
            found.Add(new(folder, version));
        }
        throw new CannotStartException(WhyNone(found, onlyVersion));
    }

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var installed = Parents.Where(Directory.Exists)
            .SelectMany(parent => Directory.EnumerateDirectories(parent))
            .Where(folder => LooksLikePostgres().IsMatch(folder))
            .OrderByDescending(folder => int.Parse(FirstNumber().Match(Path.GetFileName(folder)).Value, CultureInfo.InvariantCulture))
            .SelectMany(folder => new[] { Path.Combine(folder, "bin"), folder });
        return path.Concat(installed).Distinct(StringComparer.Ordinal);
    }

    private static bool HasAll(string folder) => Needed.All(program => File.Exists(Path.Combine(folder, program)));

    private static async Task<int?> VersionAsync(string folder, CancellationToken cancellation)
    {
        var said = await ChildProgram.RunAsync(Path.Combine(folder, "postgres"), ["--version"], user: null, cancellation);
        var number = FirstNumber().Match(said.Output);
        return said.Well && number.Success ? int.Parse(number.Value, CultureInfo.InvariantCulture) : null;
    }

    private static string WhyNone(List<PostgresPrograms> found, int? onlyVersion) => (found.Count, onlyVersion) switch
    {
        (0, _) => "PostgreSQL's programs (initdb, pg_ctl, postgres) were not found in PATH or /usr/lib/postgresql; install them (Debian: apt-get install postgresql) or set DATABASE_URL to a server that runs.",
        (_, { } version) => $"The private database was made by PostgreSQL {version}, which is no longer installed; install postgresql-{version}, or move it with pg_upgrade.",
        _ => $"PostgreSQL {found[0].Version} in {found[0].Folder} is too old; install version {VersionMin} or newer, or set DATABASE_URL to a server that runs.",
    };

    [GeneratedRegex("(/postgresql/[0-9]+|/pgsql-[0-9]+|/postgresql@?[0-9]+)$")]
    private static partial Regex LooksLikePostgres();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex FirstNumber();
}
