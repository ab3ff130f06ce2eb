using Npgsql;

namespace Tender.Server.Tenancy;

/// <summary>Spends what is there once (a token, an open case) in the transaction of what it is for: of two who bring it at once, the second's batch is undone as a whole.</summary>
internal static class Spending
{
    /// <param name="update">Updates the token's one row where it is still unspent.</param>
    public static Batch AddSpending(this Batch batch, string update, object values) =>
        // A batch knows no conditions; no row to spend divides by zero, and that ends it.
        batch.Add($"with spent as ({update} returning 1) select 1 / count(*) from spent", values);

    /// <summary>Whether a batch failed because the token was spent already.</summary>
    public static bool WasSpent(PostgresException e) => e.SqlState is PostgresErrorCodes.DivisionByZero;
}
