using Tender.Domain.Providers;
using Tender.Server.Hosting;

namespace Tender.Server.Secrets;

/// <summary>Takes the master key from the settings, or from a file that the first start makes.</summary>
internal static partial class LoadMasterKey
{
    public const string Setting = "TENDER_MASTER_KEY";
    public const string FileName = "master.key";

    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="CannotStartException">It is no key, or others may read its file.</exception>
    public static MasterKey Run(Secret? setting, string dataFolder, ILogger log)
    {
        if (setting is not null)
        {
            return MasterKey.TryParse(setting.Reveal())
                ?? throw new CannotStartException($"{Setting} is not a master key: it must be 32 bytes in base64, as `openssl rand -base64 32` prints them.");
        }

        var file = Path.Combine(Directory.CreateDirectory(dataFolder).FullName, FileName);
        if (!File.Exists(file) && TryMake(file)) SayMade(log, file);
        if ((File.GetUnixFileMode(file) & ~OnlyMe) is not UnixFileMode.None)
            throw new CannotStartException($"The master key in {file} can be read by others; run `chmod 600 {file}`, and consider every secret it guards known to them.");
        return MasterKey.TryParse(File.ReadAllText(file))
            ?? throw new CannotStartException($"{file} holds no master key; put back your copy of it, or set {Setting}.");
    }

    // Whole, on disk and in place, or not there at all; of two first starts at once only one places its key, and both use that one.
    private static bool TryMake(string file)
    {
        var beside = $"{file}.{Environment.ProcessId}.{Path.GetRandomFileName()}";
        using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OnlyMe }))
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true)) writer.WriteLine(MasterKey.NewText());
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }

        try
        {
            File.Move(beside, file, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(beside);
            return false;
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "A master key was made in {File}. KEEP A COPY OF IT in a safe place, apart from the database: without it no stored credential can ever be opened again.")]
    private static partial void SayMade(ILogger log, string file);
}
