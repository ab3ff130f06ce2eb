using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>The PostgreSQL server the owner's database lives on, and how pools to its databases are made.</summary>
/// <param name="connectionString">Names the owner's database.</param>
internal sealed class DatabaseServer(string connectionString)
{
    // A connection that nobody used for a moment goes: a thousand tenants share one server's connections.
    private const int TenantPoolMax = 20;
    private const int OwnerPoolMax = 30;

    /// <summary>Busy connections of all tenants together; PostgreSQL's own bound is 200 in the private server.</summary>
    private const int BusyMax = 120;

    private readonly NpgsqlConnectionStringBuilder basis = new(connectionString);

    /// <summary>Bounds the connections in use over all pools.</summary>
    public SemaphoreSlim Busy { get; } = new(BusyMax);

    public string OwnerDatabase => basis.Database ?? "tender";

    /// <summary>The name of a tenant's database.</summary>
    public string TenantDatabase(string code) => $"{OwnerDatabase}_t_{code}";

    public NpgsqlDataSource OpenOwner() => Open(OwnerDatabase, OwnerPoolMax, idleSeconds: 60);

    public NpgsqlDataSource OpenTenant(string database) => Open(database, TenantPoolMax, idleSeconds: 10);

    /// <summary>For creating databases: no pool stays behind.</summary>
    public NpgsqlDataSource OpenMaintenance() => new NpgsqlDataSourceBuilder(With("postgres", 2, 5).ConnectionString).Build();

    private NpgsqlDataSource Open(string database, int poolMax, int idleSeconds) =>
        new NpgsqlDataSourceBuilder(With(database, poolMax, idleSeconds).ConnectionString).Build();

    private NpgsqlConnectionStringBuilder With(string database, int poolMax, int idleSeconds) => new(basis.ConnectionString)
    {
        Database = database,
        MaxPoolSize = poolMax,
        ConnectionIdleLifetime = idleSeconds,
        ConnectionPruningInterval = Math.Max(1, idleSeconds / 2),
        // A database that is down is to be said within 2 s; a query that hangs is cut off.
        Timeout = 2,
        CommandTimeout = 15,
        // A query that was given up is awaited no longer than this (ms); then its connection goes.
        CancellationTimeout = 200,
        MaxAutoPrepare = 64,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        IncludeErrorDetail = false,
        ApplicationName = "tender",
    };
}
