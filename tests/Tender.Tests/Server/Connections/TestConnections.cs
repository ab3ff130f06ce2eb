using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;
using Tender.Tests.Server.Secrets;

namespace Tender.Tests.Server.Connections;

/// <summary>The connections of two tenants on real databases, with fake providers: the slice as the server builds it.</summary>
internal sealed class TestConnections
{
    private readonly ServiceProvider services;

    private readonly string masterKey;

    private TestConnections(OwnerDb owner, TenantDb acme, TenantDb other, string masterKey, TimeProvider time)
    {
        (Owner, Acme, Other, this.masterKey) = (owner, acme, other, masterKey);
        Secrets = new(owner, time, MasterKey.TryParse(masterKey)!);
        services = AddTo(new ServiceCollection()).AddLogging(log => log.AddProvider(Log).SetMinimumLevel(LogLevel.Trace)).AddSingleton(time).AddSingleton(TestSettings()).BuildServiceProvider();
    }

    public OwnerDb Owner { get; }

    public TenantDb Acme { get; }

    public TenantDb Other { get; }

    public TestSecrets Secrets { get; }

    public FakeProvider Fake { get; } = new();

    public FakeProvider Second { get; } = new("second");

    public TestLog Log { get; } = new();

    public static Caller Admin { get; } = new("usr_ada", TestSecrets.Acme, Mode.Test, Callers.Viewer | Callers.Operator | Callers.Admin);

    public static async Task<TestConnections> NewAsync(TimeProvider time)
    {
        var owner = await TestDatabases.NewOwnerAsync();
        return new(owner, await TestDatabases.NewTenantAsync(owner, TestSecrets.Acme), await TestDatabases.NewTenantAsync(owner, TestSecrets.Other),
            MasterKey.NewText(), time);
    }

    /// <summary>Another process on the same databases.</summary>
    public TestConnections AnotherNode(TimeProvider time) => new(Owner, Acme, Other, masterKey, time);

    /// <summary>The slice and what it stands on, for a host of its own.</summary>
    public IServiceCollection AddTo(IServiceCollection host) => host
        .AddSingleton(Owner).AddSingleton<Ids>().AddSingleton(new AllProviders([Fake, Second]))
        .AddSecrets(new(masterKey), "/nowhere").AddProviderConnections();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Credentials as a browser sends them.</summary>
    public async Task<Dictionary<string, string>> EnteredAsync(string secretKey, string publishableKey = "pk_test_1", string provider = "fake", string tenant = TestSecrets.Acme) => new()
    {
        ["publishableKey"] = publishableKey,
        ["secretKey"] = await Secrets.SealAsync(secretKey, tenant, ReadCredentials.Purpose(provider, "secretKey")),
    };

    public async Task<Connection> ConnectAsync(string secretKey = "sk_test_main", string? name = null, string? mode = null, string provider = "fake") =>
        (await Get<CreateConnection>().RunAsync(Acme, new(provider, name, mode, await EnteredAsync(secretKey, provider: provider)), Admin, default))
            .ShouldBeOfType<Saved.Created>().Connection;

    public Task<Connection?> FindAsync(string id) => Get<ListConnections>().FindAsync(Acme, id, default);

    public static Settings TestSettings() => new()
    {
        DataFolder = "/nowhere",
        Port = 0,
        OnlyThisMachine = true,
        FrontendUrl = new("https://pay.example"),
        JwtSecret = new("unused"),
        MailFrom = "tender@pay.example",
        Stripe = null!,
    };
}
