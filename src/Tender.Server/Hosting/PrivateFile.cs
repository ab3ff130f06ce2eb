namespace Tender.Server.Hosting;

/// <summary>Files that only Tender's own user may read: passwords and keys.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whole or not at all: written beside and renamed, on disk before it counts.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        var beside = path + ".new";
        File.Delete(beside);
        await using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OnlyMe }))
        {
            await using (var writer = new StreamWriter(file, leaveOpen: true)) await writer.WriteLineAsync(text.AsMemory(), cancellation);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        File.Move(beside, path, overwrite: true);
    }
}
