namespace Tender.Server.Hosting;

/// <summary>Locks between processes of one machine. The system drops them when the process dies, however it dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for it.</summary>
    public static async Task<FileStream> ExclusiveAsync(string path, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += LookAgain)
        {
            if (TryExclusive(path) is { } held) return held;
            await Task.Delay(LookAgain, cancellation);
        }
        throw new CannotStartException($"Another process has held {path} for {Patience.TotalMinutes} minutes; end it first.");
    }

    /// <summary>Null when somebody else holds it, shared or not.</summary>
    public static FileStream? TryExclusive(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Beside others who hold it shared.</summary>
    public static FileStream Shared(string path)
    {
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite)) { }
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }
}
