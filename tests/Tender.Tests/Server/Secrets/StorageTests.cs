using System.Security.Cryptography;
using Tender.Domain.Providers;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

public sealed class StorageTests : IAsyncLifetime
{
    private static readonly SecretPlace Place = new(TestSecrets.Acme, "con_acme00_1", "secretKey");
    private readonly TestClock clock = new();
    private TestSecrets secrets = null!;

    public async Task InitializeAsync() => secrets = await TestSecrets.NewAsync(clock);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_is_sealed_for_a_place_opens_there_and_prints_nothing()
    {
        var stored = await SealAsync("sk_test_123");

        stored.Text.ShouldMatch(@"^v1\.1\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{36}$");
        var opened = await secrets.DecryptFromStorage.RunAsync(stored, Place, default);
        opened.Reveal().ShouldBe("sk_test_123");
        $"{opened}".ShouldBe("(secret)");
        (await SealAsync("sk_test_123")).Text.ShouldNotBe(stored.Text);
    }

    [Fact]
    public async Task Moved_to_another_tenant_connection_or_field_it_does_not_open()
    {
        var stored = await SealAsync("sk_test_123");
        // The other tenant has a key of the same version.
        await secrets.EncryptForStorage.RunAsync(new("x"), Place with { Tenant = TestSecrets.Other }, default);

        foreach (var elsewhere in new[]
        {
            Place with { Tenant = TestSecrets.Other }, Place with { Holder = "con_acme00_2" }, Place with { Field = "webhookSecret" },
        })
        {
            await Should.ThrowAsync<CryptographicException>(async () => await secrets.DecryptFromStorage.RunAsync(stored, elsewhere, default));
        }
    }

    [Fact]
    public async Task Every_changed_character_of_a_stored_secret_is_noticed()
    {
        var stored = await SealAsync("sk_test_123");
        for (var i = 0; i < stored.Text.Length; i++)
        {
            var changed = stored.Text[..i] + (stored.Text[i] is 'A' ? 'B' : 'A') + stored.Text[(i + 1)..];
            await Should.ThrowAsync<CryptographicException>(async () => await secrets.DecryptFromStorage.RunAsync(new(changed), Place, default));
        }
    }

    [Theory]
    [InlineData("v2.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("v1.01.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("v1.9.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sk_test_123")]
    [InlineData("")]
    public async Task What_was_not_sealed_here_does_not_open(string text)
    {
        await Should.ThrowAsync<CryptographicException>(async () => await secrets.DecryptFromStorage.RunAsync(new(text), Place, default));
    }

    [Fact]
    public async Task A_copy_of_the_tenant_keys_does_not_open_under_another_master_key_or_for_another_tenant()
    {
        var stored = await SealAsync("sk_test_123");
        var thief = new TestSecrets(secrets.Owner, clock, TestSecrets.NewMasterKey());
        await Should.ThrowAsync<CryptographicException>(async () => await thief.DecryptFromStorage.RunAsync(stored, Place, default));

        await secrets.Owner.ExecuteAsync(
            "insert into tenant_keys (tenant, version, wrapped) select 'other0', version, wrapped from tenant_keys where tenant = 'acme00'", null, default);
        await Should.ThrowAsync<CryptographicException>(async () => await secrets.TenantKeys.CurrentAsync(TestSecrets.Other, default));
    }

    [Fact]
    public async Task Fifty_first_uses_on_two_nodes_make_one_key()
    {
        var master = TestSecrets.NewMasterKey();
        TestSecrets[] nodes = [new(secrets.Owner, clock, master), new(secrets.Owner, clock, master)];

        var sealedOnes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Task.Run(async () => await nodes[i % 2].EncryptForStorage.RunAsync(new($"{i}"), Place, default))));

        for (var i = 0; i < 50; i++)
        {
            (await nodes[(i + 1) % 2].DecryptFromStorage.RunAsync(sealedOnes[i], Place, default)).Reveal().ShouldBe($"{i}");
        }
    }

    private async Task<SealedSecret> SealAsync(string secret) => await secrets.EncryptForStorage.RunAsync(new Secret(secret), Place, default);
}
