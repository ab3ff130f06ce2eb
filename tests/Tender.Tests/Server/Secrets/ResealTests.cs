using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Secrets;

public sealed class ResealTests : IAsyncLifetime
{
    private const int Connections = 250;
    private readonly TestClock clock = new();
    private readonly TestLog log = new();
    private TestSecrets secrets = null!;
    private TenantDb db = null!;

    public async Task InitializeAsync()
    {
        var owner = await TestDatabases.NewOwnerAsync();
        db = await TestDatabases.NewTenantAsync(owner, TestSecrets.Acme);
        secrets = new(owner, clock, TestSecrets.NewMasterKey());
        var batch = new Batch();
        for (var i = 0; i < Connections; i++) await AddConnectionAsync(batch, i);
        await db.WriteAsync(batch, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task After_the_key_is_turned_all_is_sealed_anew_while_everything_stays_readable()
    {
        await secrets.TenantKeys.RotateAsync(TestSecrets.Acme, default);
        using var done = new CancellationTokenSource();
        var readings = 0;
        var readers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var at = i; !done.IsCancellationRequested; at = (at + 7) % Connections)
            {
                await ReadsAsync(at);
                Interlocked.Increment(ref readings);
            }
        })).ToList();

        await Reseal().RunAsync(db, default);

        (await VersionsAsync()).ShouldBe([2]);
        while (Volatile.Read(ref readings) < 50) await Task.Yield();
        await done.CancelAsync();
        await Task.WhenAll(readers);
        for (var i = 0; i < Connections; i++) await ReadsAsync(i);
    }

    [Fact]
    public async Task Stopped_in_the_middle_it_goes_on_from_there_and_two_at_once_do_no_harm()
    {
        await secrets.TenantKeys.RotateAsync(TestSecrets.Acme, default);
        using var stop = new CancellationTokenSource();
        var first = Reseal().RunAsync(db, stop.Token);
        while (!first.IsCompleted && (await VersionsAsync()).Count < 2) await Task.Yield();
        await stop.CancelAsync();
        await Task.WhenAny(first);

        await Task.WhenAll(Reseal().RunAsync(db, default), Reseal().RunAsync(db, default));

        (await VersionsAsync()).ShouldBe([2]);
        for (var i = 0; i < Connections; i++) await ReadsAsync(i);
    }

    [Fact]
    public async Task Credentials_entered_meanwhile_are_not_written_over()
    {
        var stale = (await SealedAsync(0))!;
        var fresh = await secrets.EncryptForStorage.RunAsync(new("entered meanwhile"), Place(0), default);
        await db.ExecuteAsync("update connections set sealed_secrets = jsonb_build_object('secretKey', @Text) where id = @Id", new { fresh.Text, Id = Id(0) }, default);
        await secrets.TenantKeys.RotateAsync(TestSecrets.Acme, default);

        await Reseal().RunAsync(db, default);

        (await secrets.DecryptFromStorage.RunAsync(new((await SealedAsync(0))!), Place(0), default)).Reveal().ShouldBe("entered meanwhile");
        (await secrets.DecryptFromStorage.RunAsync(new(stale), Place(0), default)).Reveal().ShouldBe("secret 0");
    }

    [Theory]
    [InlineData("no sealed secret")]
    [InlineData("sealed for another place")]
    public async Task One_that_cannot_be_opened_keeps_none_of_the_others_from_being_sealed_anew(string what)
    {
        var broken = what is "no sealed secret" ? what : await SealedAsync(1);
        await db.ExecuteAsync("update connections set sealed_secrets = jsonb_build_object('secretKey', @broken) where id = @Id", new { broken, Id = Id(0) }, default);
        await secrets.TenantKeys.RotateAsync(TestSecrets.Acme, default);

        await Should.ThrowAsync<CryptographicException>(() => Reseal().RunAsync(db, default));

        (await SealedAsync(0)).ShouldBe(broken);
        (await db.QuerySingleOrDefaultAsync<int>("select count(*)::int from connections where sealed_secrets ->> 'secretKey' like 'v1.2.%'", null, default)).ShouldBe(Connections - 1);
        log.Lines.ShouldHaveSingleItem().ShouldContain(Id(0));
    }

    [Fact]
    public async Task Without_a_turned_key_nothing_is_touched()
    {
        var before = await SealedAsync(3);

        await Reseal().RunAsync(db, default);

        (await SealedAsync(3)).ShouldBe(before);
    }

    private ResealConnections Reseal() => new(secrets.TenantKeys, secrets.DecryptFromStorage, secrets.EncryptForStorage, new Logger<ResealConnections>(new LoggerFactory([log])));

    private async Task AddConnectionAsync(Batch batch, int i)
    {
        var stored = await secrets.EncryptForStorage.RunAsync(new($"secret {i}"), Place(i), default);
        batch.Add("""
            insert into connections (id, provider, name, mode, sealed_secrets, created_by) values (@Id, 'fake', @Id, 'test', @Sealed::jsonb, 'usr_1')
            """, new { Id = Id(i), Sealed = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["secretKey"] = stored.Text }) });
    }

    private async Task ReadsAsync(int i) =>
        (await secrets.DecryptFromStorage.RunAsync(new((await SealedAsync(i))!), Place(i), default)).Reveal().ShouldBe($"secret {i}");

    private Task<string?> SealedAsync(int i) =>
        db.QuerySingleOrDefaultAsync<string>("select sealed_secrets ->> 'secretKey' from connections where id = @Id", new { Id = Id(i) }, default);

    private Task<IReadOnlyList<int>> VersionsAsync() => db.QueryAsync<int>(
        "select distinct split_part(sealed_secrets ->> 'secretKey', '.', 2)::int as version from connections order by version", null, default);

    private static string Id(int i) => $"con_acme00_{i:000}";

    private static SecretPlace Place(int i) => new(TestSecrets.Acme, Id(i), "secretKey");
}
