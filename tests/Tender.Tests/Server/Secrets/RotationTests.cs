using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

public sealed class RotationTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestSecrets secrets = null!;

    public async Task InitializeAsync() => secrets = await TestSecrets.NewAsync(clock);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Readers_and_writers_on_two_nodes_notice_nothing_of_rotations()
    {
        var master = TestSecrets.NewMasterKey();
        TestSecrets[] nodes = [new(secrets.Owner, clock, master), new(secrets.Owner, clock, master)];
        var place = new SecretPlace(TestSecrets.Acme, "con_acme00_1", "secretKey");
        using var done = new CancellationTokenSource();
        var readings = 0;

        var traffic = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var (writer, reader) = (nodes[i % 2], nodes[(i + 1) % 2]);
            while (!done.IsCancellationRequested)
            {
                var stored = await writer.EncryptForStorage.RunAsync(new($"secret {i}"), place, default);
                (await reader.DecryptFromStorage.RunAsync(stored, place, default)).Reveal().ShouldBe($"secret {i}");
                Interlocked.Increment(ref readings);
                await Task.Yield();
            }
        })).ToList();
        for (var version = 2; version <= 6; version++)
        {
            var before = Volatile.Read(ref readings);
            (await nodes[version % 2].TenantKeys.RotateAsync(TestSecrets.Acme, default)).ShouldBe(version);
            while (Volatile.Read(ref readings) < before + 100) await Task.Yield();
            clock.Move(TimeSpan.FromMinutes(1));
        }

        await done.CancelAsync();
        await Task.WhenAll(traffic);
        (await nodes[0].EncryptForStorage.RunAsync(new("last"), place, default)).KeyVersion.ShouldBe(6);
    }

    [Fact]
    public async Task After_a_rotation_the_new_pair_is_offered_and_what_was_sealed_for_the_old_one_still_opens()
    {
        var old = await secrets.EncryptionKeys.CurrentAsync(default);
        var underway = await secrets.SealAsync("secret");

        var next = await secrets.EncryptionKeys.RotateAsync(default);

        next.Kid.ShouldNotBe(old.Kid);
        (await secrets.EncryptionKeys.CurrentAsync(default)).Kid.ShouldBe(next.Kid);
        await OpensAsync(underway);
        await OpensAsync(await secrets.SealAsync("secret"));
    }

    [Fact]
    public async Task A_retired_pair_opens_nothing_and_is_gone_for_good()
    {
        var old = await secrets.EncryptionKeys.CurrentAsync(default);
        await secrets.EncryptionKeys.RotateAsync(default);
        clock.Move(TimeSpan.FromHours(2));
        var late = TestBrowser.Seal("secret", old, secrets.Challenges.Issue(TestSecrets.Acme), TestSecrets.Acme, "test.secret");

        var outcome = await secrets.DecryptFromClient.RunAsync(late, TestSecrets.Acme, "test.secret", default);
        outcome.ShouldBeOfType<DecryptFromClient.Outcome.Refused>().Why.ShouldContain("no longer used");

        await secrets.EncryptionKeys.RotateWhenDueAsync(default);
        (await KidsAsync()).ShouldNotContain(old.Kid);
    }

    [Fact]
    public async Task The_schedule_makes_a_new_pair_when_the_offered_one_is_30_days_old()
    {
        var first = await secrets.EncryptionKeys.CurrentAsync(default);
        clock.Move(TimeSpan.FromDays(29));
        await secrets.EncryptionKeys.RotateWhenDueAsync(default);
        (await secrets.EncryptionKeys.CurrentAsync(default)).Kid.ShouldBe(first.Kid);

        clock.Move(TimeSpan.FromDays(1));
        await secrets.EncryptionKeys.RotateWhenDueAsync(default);

        (await secrets.EncryptionKeys.CurrentAsync(default)).Kid.ShouldNotBe(first.Kid);
        (await KidsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_pair_made_on_another_node_opens_here_at_once()
    {
        var master = TestSecrets.NewMasterKey();
        TestSecrets here = new(secrets.Owner, clock, master), there = new(secrets.Owner, clock, master);
        await here.EncryptionKeys.CurrentAsync(default);
        await there.EncryptionKeys.RotateAsync(default);

        var token = await there.SealAsync("secret");

        (await here.DecryptFromClient.RunAsync(token, TestSecrets.Acme, "test.secret", default)).ShouldBeOfType<DecryptFromClient.Outcome.Opened>();
    }

    [Fact]
    public async Task Used_challenges_are_forgotten_only_long_after_they_could_be_used_again()
    {
        await OpensAsync(await secrets.SealAsync("secret"));
        clock.Move(TimeSpan.FromHours(12));
        await ForgetAsync();
        (await UsedAsync()).ShouldBe(1);

        clock.Move(TimeSpan.FromHours(13));
        await ForgetAsync();
        (await UsedAsync()).ShouldBe(0);

        Task ForgetAsync() => TestDatabases.ForgetAsync(secrets.Owner, Challenges.Forgotten, clock);
    }

    private async Task OpensAsync(string token) =>
        (await secrets.DecryptFromClient.RunAsync(token, TestSecrets.Acme, "test.secret", default)).ShouldBeOfType<DecryptFromClient.Outcome.Opened>();

    private Task<IReadOnlyList<string>> KidsAsync() => secrets.Owner.QueryAsync<string>("select kid from encryption_keys", null, default);

    private Task<int> UsedAsync() => secrets.Owner.QuerySingleOrDefaultAsync<int>("select count(*)::int from used_challenges", null, default);
}
