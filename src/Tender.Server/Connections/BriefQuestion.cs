namespace Tender.Server.Connections;

/// <summary>A question to a provider that moves no money: it has a short limit and stands beside the gateway's breakers.</summary>
internal static class BriefQuestion
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(15);

    /// <param name="notReached">Makes the answer of a provider that gave none.</param>
    public static async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, Func<string, T> notReached, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(TimeMax, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return notReached($"it did not answer within {TimeMax.TotalSeconds} seconds");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException)
        {
            return notReached("no connection could be made");
        }
    }
}
