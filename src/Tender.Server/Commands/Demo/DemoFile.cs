using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tender.Server.Commands.Demo;

/// <summary>data/demo.json: what a newcomer, a script or a test needs to use the demo. Readable by its owner only.</summary>
internal sealed record DemoFile(
    string BaseUrl, string SimulatorsUrl, string TenantId, string ApiKey, string OwnerKey, DemoFile.SignIn Owner, DemoFile.SignIn Member, string JwtSecret,
    string StripeWebhookSecret, string ProductId)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "demo.json");

    public static async Task<DemoFile?> ReadAsync(string dataFolder, CancellationToken cancellation)
    {
        if (!File.Exists(PathIn(dataFolder))) return null;
        try
        {
            return JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(PathIn(dataFolder), cancellation), Options);
        }
        catch (JsonException)
        {
            // Cut off while it was written: it is made anew.
            return null;
        }
    }

    public async Task WriteAsync(string dataFolder, CancellationToken cancellation)
    {
        var file = PathIn(dataFolder);
        var draft = file + ".new";
        await File.WriteAllTextAsync(draft, JsonSerializer.Serialize(this, Options) + "\n", cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(draft, file, overwrite: true);
    }

    internal sealed record SignIn(string Email, string Password);
}
