using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>Changes what can be changed once (a token, an open case, a key not yet revoked) in the transaction of what it is for: of two who bring it at once, the second's batch is undone as a whole.</summary>
internal static class Spending
{
    /// <param name="update">Updates, or deletes, the one row where it is still as it must be.</param>
    public static Batch AddSpending(this Batch batch, string update, object values) =>
        // A batch knows no conditions; no row to spend divides by zero, and that ends it.
        batch.Add($"with spent as ({update} returning 1) select 1 / count(*) from spent", values);

    /// <summary>Whether a batch failed because the token was spent already.</summary>
    public static bool WasSpent(PostgresException e) => e.SqlState is PostgresErrorCodes.DivisionByZero;
}
