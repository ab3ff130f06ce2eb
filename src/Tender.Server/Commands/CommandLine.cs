using System.CommandLine;
using Npgsql;
using Tender.Server.Hosting;

namespace Tender.Server.Commands;

/// <summary>Runs a verb: what an operator can mend is said in one sentence, and the exit code is 0 only when all is well.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand tender, string[] words, Func<CancellationToken, Task<int>> otherwise)
    {
        tender.SetAction((_, cancellation) => otherwise(cancellation));
        // A server ends by itself when asked to, and takes the time it needs to finish what it began.
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await tender.Parse(words).InvokeAsync(invocation);
        }
        catch (CannotStartException stop)
        {
            await System.Console.Error.WriteLineAsync($"tender: {stop.Message}");
            return 1;
        }
        catch (NpgsqlException database)
        {
            await System.Console.Error.WriteLineAsync($"tender: The database (DATABASE_URL; without it the private one in the data folder) cannot be used: {database.Message.TrimEnd('.')}.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
