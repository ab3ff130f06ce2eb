using System.Net.Sockets;
using Npgsql;

namespace Tender.Server.Hosting;

/// <summary>Tells a database that is away, or full, from a fault of ours: the caller may try again. One that goes away may have stored what it was just sent.</summary>
internal static class Outages
{
    /// <summary>Null when the exception is something else.</summary>
    public static Problem? Explain(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Problem.Unavailable("database_full", "The database's disk is full; nothing was stored. Try again later.", retryAfterSeconds: 30),
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => Problem.Unavailable("busy", "Others changed the same thing at once; nothing was stored. Try again.", retryAfterSeconds: 1),
        PostgresException postgres => IsAway(postgres.SqlState) ? Away : null,
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException or null } => Away,
        NpgsqlException { IsTransient: true } => Away,
        { InnerException: NpgsqlException inner } => Explain(inner),
        _ => null,
    };

    public static Problem Away { get; } = Problem.Unavailable("database_unavailable", "The database does not answer. Try again in a moment; a write with the same Idempotency-Key, as it may have been stored.");

    // Class 08: connection; 57P: shut down or starting; 53: out of connections or memory; 25006: a replica after a failover.
    private static bool IsAway(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal) || state is PostgresErrorCodes.ReadOnlySqlTransaction;
}
