using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Fulfilment.Mail;

/// <summary>A real mail server on loopback (npm smtp-server, tests/node) that can be told to refuse, hang and drop.</summary>
internal sealed class TestMailServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Installing = new(1);
    private readonly Process process;
    private readonly Task reading;
    private readonly TaskCompletionSource<int> port = new();
    private readonly ConcurrentQueue<JsonElement> events = new();

    private TestMailServer(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    /// <summary>Every mail it took before it was asked: what it tells may come after what it answered.</summary>
    public async Task<IReadOnlyList<JsonElement>> MailsAsync()
    {
        var before = events.Count(IsHeard);
        await process.StandardInput.WriteLineAsync("heard?");
        await process.StandardInput.FlushAsync();
        while (events.Count(IsHeard) == before) await Task.Delay(10);
        return [.. events.Where(e => e.GetProperty("event").GetString() is "mail")];
    }

    public int Conversations => events.Count(e => e.GetProperty("event").GetString() is "from");

    /// <summary>As a setting names it.</summary>
    public async Task<SmtpServer> SettingAsync(bool implicitTls = false, string? user = null, string? password = null) =>
        new("localhost", await port.Task.WaitAsync(TimeSpan.FromSeconds(20)), implicitTls, user, password is null ? null : new Secret(password));

    public static async Task<TestMailServer> StartAsync(object? options = null)
    {
        var folder = Path.Combine(Repository.Root, "tests", "node");
        await InstallAsync(folder);
        var process = Process.Start(new ProcessStartInfo("node", ["mail-server.mjs", JsonSerializer.Serialize(options ?? new { })])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new(process);
    }

    /// <summary>take, hang, busy, drop, unknown, greylist, forget, spam.</summary>
    public async Task BehaveAsync(string how)
    {
        await process.StandardInput.WriteLineAsync(how);
        await process.StandardInput.FlushAsync();
        while (!events.Any(e => e.GetProperty("event").GetString() is "behaves" && e.GetProperty("behaviour").GetString() == how)) await Task.Delay(10);
    }

    /// <summary>A certificate for localhost, and the policy of who trusts it.</summary>
    public static (string Key, string Certificate, X509ChainPolicy Trust) NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        return (key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem(), trust);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private static bool IsHeard(JsonElement told) => told.GetProperty("event").GetString() is "heard";

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var told = JsonDocument.Parse(line).RootElement;
            if (told.GetProperty("event").GetString() is "listening") port.TrySetResult(told.GetProperty("port").GetInt32());
            events.Enqueue(told);
        }

        port.TrySetException(new InvalidOperationException("the mail server ended"));
    }

    private static async Task InstallAsync(string folder)
    {
        await Installing.WaitAsync();
        try
        {
            if (Directory.Exists(Path.Combine(folder, "node_modules", "smtp-server"))) return;
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent"]) { WorkingDirectory = folder, UseShellExecute = false })!;
            await npm.WaitForExitAsync();
            npm.ExitCode.ShouldBe(0);
        }
        finally
        {
            Installing.Release();
        }
    }
}
