using Tender.Server.Hosting;

namespace Tender.Server.Secrets;

/// <summary>Takes the master key from the settings, or from a file that the first start makes.</summary>
internal static partial class LoadMasterKey
{
    public const string Setting = "TENDER_MASTER_KEY";
    public const string FileName = "master.key";

    private const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <exception cref="CannotStartException">It is no key, or others may read its file.</exception>
    public static async Task<MasterKey> RunAsync(string? setting, string dataFolder, ILogger log, CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(setting))
        {
            return MasterKey.TryParse(setting)
                ?? throw new CannotStartException($"{Setting} is not a master key: it must be 32 bytes in base64, as `openssl rand -base64 32` prints them.");
        }

        Directory.CreateDirectory(dataFolder);
        var file = Path.Combine(dataFolder, FileName);
        // Two first starts at once must not each make one.
        using var gate = await FileLock.ExclusiveAsync(file + ".gate", cancellation);
        if (!File.Exists(file))
        {
            await PrivateFile.WriteAsync(file, MasterKey.NewText(), cancellation);
            SayMade(log, file);
        }

        if ((File.GetUnixFileMode(file) & Others) is not UnixFileMode.None)
            throw new CannotStartException($"The master key in {file} can be read by others; run `chmod 600 {file}`, and consider every secret it guards known to them.");
        return MasterKey.TryParse(await File.ReadAllTextAsync(file, cancellation))
            ?? throw new CannotStartException($"{file} holds no master key; put back your copy of it, or set {Setting}.");
    }

    [LoggerMessage(2001, LogLevel.Warning, "A master key was made in {File}. KEEP A COPY OF IT in a safe place, apart from the database: without it no stored credential can ever be opened again.")]
    private static partial void SayMade(ILogger log, string file);
}
