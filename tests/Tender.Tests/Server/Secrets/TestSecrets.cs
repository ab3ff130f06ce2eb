using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Secrets;

/// <summary>The secrets of one node: several over one owner database are several nodes.</summary>
internal sealed class TestSecrets
{
    public const string Acme = "acme00";
    public const string Other = "other0";

    public TestSecrets(OwnerDb owner, TimeProvider time, MasterKey master)
    {
        Owner = owner;
        Challenges = new(master, owner, time);
        EncryptionKeys = new(owner, master, new Ids(time), time);
        TenantKeys = new(owner, master, time);
        DecryptFromClient = new(EncryptionKeys, Challenges);
        EncryptForStorage = new(TenantKeys);
        DecryptFromStorage = new(TenantKeys);
    }

    public OwnerDb Owner { get; }

    public Challenges Challenges { get; }

    public EncryptionKeys EncryptionKeys { get; }

    public TenantKeys TenantKeys { get; }

    public DecryptFromClient DecryptFromClient { get; }

    public EncryptForStorage EncryptForStorage { get; }

    public DecryptFromStorage DecryptFromStorage { get; }

    public static MasterKey NewMasterKey() => MasterKey.TryParse(MasterKey.NewText())!;

    /// <summary>A node on a database of its own with two tenants.</summary>
    public static async Task<TestSecrets> NewAsync(TimeProvider time)
    {
        var owner = await TestDatabases.NewOwnerAsync();
        await TestDatabases.NewTenantAsync(owner, Acme);
        await TestDatabases.NewTenantAsync(owner, Other);
        return new(owner, time, NewMasterKey());
    }

    /// <summary>What a browser would send.</summary>
    public async Task<string> SealAsync(string secret, string tenant = Acme, string purpose = "test.secret")
    {
        var key = await EncryptionKeys.CurrentAsync(CancellationToken.None);
        return TestBrowser.Seal(secret, key, Challenges.Issue(tenant), tenant, purpose);
    }
}
