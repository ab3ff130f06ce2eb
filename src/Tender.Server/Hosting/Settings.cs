using System.Net;
using System.Security.Cryptography;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Hosting;

/// <summary>Everything that an operator can set, read once at the start, typed and checked. <see cref="SettingsList"/> says what each means.</summary>
public sealed record Settings
{
    // Generous: a thousand a second for a program, a hundred for a stranger's address, behind which a whole office may sit.
    private const int PerCaller = 60_000;
    private const int PerAddress = 6_000;
    private const int RateMax = 100_000_000;

    /// <summary>Absolute; keys, mails without a mail server, and the private database live there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Npgsql connection string of the owner's database; null: Tender runs a private PostgreSQL in its data folder.</summary>
    public string? Database { get; init; }

    /// <summary>Connections to all tenants' databases that this node keeps at most.</summary>
    public int TenantConnections { get; init; } = DatabaseServer.TenantConnections;

    /// <summary>0 takes any free port.</summary>
    public required int Port { get; init; }

    /// <summary>Where payers and members reach Tender; links are made from it.</summary>
    public required Uri FrontendUrl { get; init; }

    /// <summary>Signs and checks users' tokens, HS256.</summary>
    public required Secret JwtSecret { get; init; }

    /// <summary>32 bytes that wrap every tenant's key; null: the 0600 file in the data folder has them.</summary>
    public Secret? MasterKey { get; init; }

    /// <summary>The platform's own account at Stripe, and how Stripe is reached.</summary>
    public required StripeSettings Stripe { get; init; }

    /// <summary>Where mail leaves; null: each mail is kept and readable in the console.</summary>
    public SmtpServer? Smtp { get; init; }

    /// <summary>The sender of every mail.</summary>
    public required string MailFrom { get; init; }

    /// <summary>Requests a minute that one key, member or customer may make on one node; 0: as many as they like.</summary>
    public int RatePerCaller { get; init; } = PerCaller;

    /// <summary>The same for one address that proved nothing.</summary>
    public int RatePerAddress { get; init; } = PerAddress;

    /// <summary>Whose X-Forwarded-For and X-Forwarded-Proto are believed, besides this machine's.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The providers' simulators; null in production.</summary>
    public Uri? SimulatorsUrl { get; init; }

    /// <summary>Nobody but this machine reaches it: a proxy beside it does.</summary>
    public bool OnlyThisMachine { get; init; }

    /// <summary>The same beside simulators: nothing asks a real provider unless the operator named it.</summary>
    internal Settings Beside(Uri simulators, string webhookSecret) => this with
    {
        SimulatorsUrl = SimulatorsUrl ?? simulators,
        Stripe = Stripe.Beside(SimulatorsUrl ?? simulators, webhookSecret),
    };

    /// <summary>Reads the process's environment and the .env file of the current folder.</summary>
    /// <exception cref="CannotStartException">A name is unknown or a value is bad.</exception>
    public static Task<Settings> ReadAsync(CancellationToken cancellation)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => pair.Value as string ?? "", StringComparer.Ordinal);
        return ReadAsync(environment, Environment.CurrentDirectory, cancellation);
    }

    /// <summary>Reads the given environment, and .env in the folder; the environment wins.</summary>
    /// <exception cref="CannotStartException">A name is unknown or a value is bad.</exception>
    public static async Task<Settings> ReadAsync(IReadOnlyDictionary<string, string> environment, string folder, CancellationToken cancellation)
    {
        var given = new GivenSettings(environment, await DotEnv.ReadAsync(Path.Combine(folder, ".env"), cancellation));
        given.RefuseUnknown();

        var dataFolder = Path.GetFullPath(given.Text("TENDER_DATA") ?? "data", folder);
        var port = given.Number("PORT", least: 0, most: 65535) ?? 3000;
        var frontend = given.Url("FRONTEND_URL", "http", "https") ?? new Uri($"http://localhost:{port}");
        var simulators = given.Url("SIMULATORS_URL", "http", "https");
        return new()
        {
            DataFolder = dataFolder,
            Database = given.Text("DATABASE_URL") is { } url ? DatabaseUrl.ToConnectionString(url) : null,
            TenantConnections = given.Number("TENDER_TENANT_CONNECTIONS", least: 10, most: 10_000) ?? DatabaseServer.TenantConnections,
            Port = port,
            OnlyThisMachine = given.Matching("TENDER_LISTEN", "^(all|local)$", "all or local") is "local",
            FrontendUrl = frontend,
            JwtSecret = given.Secret("JWT_SECRET", bytesMin: 32) ?? await KeptJwtSecretAsync(dataFolder, cancellation),
            MasterKey = given.Base64Key("TENDER_MASTER_KEY", bytes: 32),
            Stripe = StripeSettings.Read(given, simulators),
            Smtp = SmtpServer.Read(given),
            MailFrom = given.MailAddress("MAIL_FROM") ?? $"tender@{frontend.Host}",
            RatePerCaller = given.Number("TENDER_RATE_PER_CALLER", least: 0, most: RateMax) ?? PerCaller,
            RatePerAddress = given.Number("TENDER_RATE_PER_ADDRESS", least: 0, most: RateMax) ?? PerAddress,
            TrustedProxies = given.Networks("TRUSTED_PROXIES"),
            SimulatorsUrl = simulators,
        };
    }

    // Made once: tokens that were signed before a restart stay valid after it.
    private static async Task<Secret> KeptJwtSecretAsync(string dataFolder, CancellationToken cancellation)
    {
        var file = Path.Combine(dataFolder, "jwt.secret");
        try
        {
            Directory.CreateDirectory(dataFolder);
            if (!File.Exists(file)) await PrivateFile.WriteAsync(file, RandomNumberGenerator.GetHexString(64, lowercase: true), cancellation);
            return new((await File.ReadAllTextAsync(file, cancellation)).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {dataFolder} (TENDER_DATA) cannot be used: {e.Message}", e);
        }
    }
}
