using System.Globalization;

namespace Tender.Server.Hosting;

/// <summary>An account of this machine, for a program that refuses to run as root.</summary>
internal sealed record UnixUser(string Name, int Id, int GroupId)
{
    /// <summary>PostgreSQL's own account where there is one, else the one that owns nothing.</summary>
    public static UnixUser ForPostgres() => Named("postgres") ?? Named("nobody")
        ?? throw new CannotStartException("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody; run Tender as an ordinary user.");

    /// <summary>Who owns this file or folder.</summary>
    public static async Task<UnixUser> OwnerOfAsync(string path, CancellationToken cancellation)
    {
        var stat = await ChildProgram.RunAsync("stat", ["-c", "%U %u %g", path], user: null, cancellation);
        return stat.Output.Split(' ') is [var name, var id, var group]
            ? new(name, Number(id), Number(group))
            : throw new CannotStartException($"The owner of {path} could not be found: {stat.Says}.");
    }

    private static UnixUser? Named(string name) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3 && fields[0] == name)
            .Select(fields => new UnixUser(name, Number(fields[2]), Number(fields[3])))
            .FirstOrDefault();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
