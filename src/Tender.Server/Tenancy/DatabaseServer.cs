using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>The PostgreSQL server the owner's database lives on, and how pools to its databases are made.</summary>
/// <param name="connectionString">Names the owner's database.</param>
/// <param name="connectionsMax">All tenants' connections together, used and idle. The private server takes 200.</param>
internal sealed class DatabaseServer(string connectionString, int connectionsMax = DatabaseServer.TenantConnections)
{
    /// <summary>Copying a database waits for the disk, and for others who copy the same one.</summary>
    public const int CreatingSecondsMax = 120;

    /// <summary>What a node keeps to all tenants' databases, where nothing else is set.</summary>
    public const int TenantConnections = 140;

    /// <summary>And to the owner's.</summary>
    public const int OwnerPoolMax = 30;

    private const int BusyMax = 120;

    private readonly NpgsqlConnectionStringBuilder basis = new(connectionString);

    /// <summary>Bounds the connections in use over all pools.</summary>
    public SemaphoreSlim Busy { get; } = new(Math.Min(BusyMax, connectionsMax));

    public int ConnectionsMax => connectionsMax;

    /// <summary>What one tenant may use of them at once. Each connection plans for itself what it runs: a few that are warm do more than many.</summary>
    public int TenantPoolMax => 10;

    public string OwnerDatabase => basis.Database ?? "tender";

    /// <summary>The name of a tenant's database.</summary>
    public string TenantDatabase(string code) => $"{OwnerDatabase}_t_{code}";

    public NpgsqlDataSource OpenOwner() => Open(OwnerDatabase, OwnerPoolMax, idleSeconds: 60);

    // As long as its pool stays open: a new connection costs the server as much as ten payments.
    public NpgsqlDataSource OpenTenant(string database) => Open(database, TenantPoolMax, idleSeconds: 300);

    /// <summary>For creating databases: no pool stays behind.</summary>
    public NpgsqlDataSource OpenMaintenance() => new NpgsqlDataSourceBuilder(With("postgres", 2, 5).ConnectionString).Build();

    private NpgsqlDataSource Open(string database, int poolMax, int idleSeconds) =>
        new NpgsqlDataSourceBuilder(With(database, poolMax, idleSeconds).ConnectionString).Build();

    private NpgsqlConnectionStringBuilder With(string database, int poolMax, int idleSeconds) => new(basis.ConnectionString)
    {
        Database = database,
        MaxPoolSize = poolMax,
        ConnectionIdleLifetime = idleSeconds,
        ConnectionPruningInterval = Math.Clamp(idleSeconds / 2, 1, 30),
        // A database that is down is to be said within 2 s; a query that hangs is cut off.
        Timeout = 2,
        CommandTimeout = 15,
        // A query that was given up is awaited no longer than this (ms); then its connection goes.
        CancellationTimeout = 200,
        // A payment and what follows it run about sixty different statements, pages as many: with too few, each is prepared anew at each run.
        MaxAutoPrepare = 256,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        IncludeErrorDetail = false,
        ApplicationName = "tender",
    };
}
