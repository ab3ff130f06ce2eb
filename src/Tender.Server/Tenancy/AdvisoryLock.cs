using Dapper;
using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>A lock on a word, over all nodes, held by one connection; it is gone when the connection is.</summary>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly string word;

    private AdvisoryLock(NpgsqlConnection connection, string word) => (this.connection, this.word) = (connection, word);

    public static async Task<AdvisoryLock> TakeAsync(NpgsqlConnection connection, string word, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(new("select pg_advisory_lock(hashtextextended(@word, 0))", new { word }, commandTimeout: 120, cancellationToken: cancellation));
        return new(connection, word);
    }

    public async ValueTask DisposeAsync() => await connection.ExecuteAsync("select pg_advisory_unlock(hashtextextended(@word, 0))", new { word });
}
