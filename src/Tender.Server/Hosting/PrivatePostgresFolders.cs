using System.Security.Cryptography;
using System.Text;

namespace Tender.Server.Hosting;

/// <summary>
/// Where a private PostgreSQL keeps its things. As root its cluster belongs to another user, who must be able to get
/// there: under a closed path (such as /root) it moves to /var/lib/tender, and a file in the data folder says so.
/// </summary>
internal sealed record PrivatePostgresFolders(string DataFolder, string Home, string Sockets, UnixUser? User)
{
    // A socket's address has room for 107 bytes, its file name included; 90 leaves some for what PostgreSQL adds.
    private const int SocketPathBytesMax = 90;

    public string Cluster => Path.Combine(Home, "cluster");

    public string NewCluster => Path.Combine(Home, "cluster.new");

    public string StartLog => Path.Combine(Home, "start.log");

    /// <summary>The superuser's password; only Tender's own user reads it.</summary>
    public string Password => Path.Combine(DataFolder, "postgres.password");

    /// <summary>Held while somebody starts or stops the server.</summary>
    public string Gate => Path.Combine(DataFolder, "postgres.gate");

    /// <summary>Held, shared, by every process that uses the server: the last one out stops it.</summary>
    public string InUse => Path.Combine(DataFolder, "postgres.in-use");

    public static async Task<PrivatePostgresFolders> PrepareAsync(string dataFolder, CancellationToken cancellation)
    {
        var data = Path.GetFullPath(dataFolder);
        Directory.CreateDirectory(data);
        var (home, user) = Environment.IsPrivilegedProcess ? await AsRootAsync(data, cancellation) : (AsOrdinaryUser(data), null);
        var sockets = Path.Combine(home, "socket");
        if (Encoding.UTF8.GetByteCount(sockets) + "/.s.PGSQL.5432".Length >= SocketPathBytesMax) sockets = $"/tmp/tender-{Hash(home)}";
        await MakePrivateAsync(sockets, user, cancellation);
        return new(data, home, sockets, user);
    }

    private static string AsOrdinaryUser(string data)
    {
        if (File.Exists(Pointer(data))) throw new CannotStartException($"The private database of {data} was made by root, in {File.ReadAllText(Pointer(data)).Trim()}; run Tender as root, or set TENDER_DATA to another folder.");
        var home = Path.Combine(data, "postgres");
        Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return home;
    }

    private static async Task<(string Home, UnixUser User)> AsRootAsync(string data, CancellationToken cancellation)
    {
        var home = File.Exists(Pointer(data)) ? (await File.ReadAllTextAsync(Pointer(data), cancellation)).Trim() : Path.Combine(data, "postgres");
        if (await OwnerOfClusterAsync(home, cancellation) is { } owner) return (home, owner);

        var user = UnixUser.ForPostgres();
        await MakePrivateAsync(home, user, cancellation);
        if (await CanEnterAsync(home, user, cancellation)) return (home, user);

        Directory.Delete(home);
        home = $"/var/lib/tender/{Hash(data)}";
        Directory.CreateDirectory("/var/lib/tender");
        await MakePrivateAsync(home, user, cancellation);
        await File.WriteAllTextAsync(Pointer(data), home + "\n", cancellation);
        return (home, user);
    }

    // Made earlier, perhaps by an ordinary user whose folder root now serves: it stays that user's.
    private static async Task<UnixUser?> OwnerOfClusterAsync(string home, CancellationToken cancellation)
    {
        var cluster = Path.Combine(home, "cluster");
        return Directory.Exists(cluster) ? await UnixUser.OwnerOfAsync(cluster, cancellation) : null;
    }

    private static async Task<bool> CanEnterAsync(string folder, UnixUser user, CancellationToken cancellation) =>
        (await ChildProgram.RunAsync("test", ["-w", folder + "/."], user, cancellation)).Well;

    // A folder that someone else put in our way must not receive our socket: install takes it over as root, and fails otherwise.
    private static async Task MakePrivateAsync(string folder, UnixUser? user, CancellationToken cancellation)
    {
        string[] owner = user is null ? [] : ["-o", $"{user.Id}", "-g", $"{user.GroupId}"];
        var made = await ChildProgram.RunAsync("install", ["-d", "-m", "700", .. owner, folder], user: null, cancellation);
        if (!made.Well) throw new CannotStartException($"The private database's folder {folder} could not be made: {made.Says}.");
    }

    private static string Pointer(string data) => Path.Combine(data, "postgres.location");

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
