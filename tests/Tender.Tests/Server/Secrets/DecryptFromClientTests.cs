using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Secrets;

public sealed class DecryptFromClientTests(DecryptFromClientTests.Fixture fixture) : IClassFixture<DecryptFromClientTests.Fixture>, IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestSecrets secrets = null!;

    // Each test is a node of its own, with a clock of its own, on one database.
    public async Task InitializeAsync()
    {
        secrets = new(fixture.Owner, clock, fixture.Master);
        await secrets.Owner.ExecuteAsync("delete from used_challenges", null, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("sk_test_123")]
    [InlineData("s")]
    [InlineData("ü€漢字 \u202E and a\nsecond line")]
    public async Task What_the_browser_sealed_opens(string secret)
    {
        (await OpenAsync(await secrets.SealAsync(secret))).ShouldBe(secret);
    }

    [Fact]
    public async Task A_secret_of_nearly_16_KB_opens_and_a_longer_one_is_refused()
    {
        (await OpenAsync(await secrets.SealAsync(new string('x', 11_000)))).ShouldBe(new string('x', 11_000));

        (await RefusalAsync(await secrets.SealAsync(new string('x', 12_000)))).ShouldContain("not sealed as");
    }

    [Fact]
    public async Task For_another_tenant_or_purpose_it_is_refused()
    {
        var token = await secrets.SealAsync("secret");

        (await RefusalAsync(token, tenant: TestSecrets.Other)).ShouldBe("was sealed for something else");
        (await RefusalAsync(token, purpose: "test.other")).ShouldBe("was sealed for something else");
        (await OpenAsync(token)).ShouldBe("secret");
    }

    [Fact]
    public async Task With_a_challenge_that_another_tenant_was_given_it_is_refused()
    {
        var key = await secrets.EncryptionKeys.CurrentAsync(default);
        var token = TestBrowser.Seal("secret", key, secrets.Challenges.Issue(TestSecrets.Other), TestSecrets.Acme, "test.secret");

        (await RefusalAsync(token)).ShouldContain("seal it again");
    }

    [Fact]
    public async Task After_its_expiry_it_is_refused_whatever_expiry_it_claims()
    {
        var key = await secrets.EncryptionKeys.CurrentAsync(default);
        var challenge = secrets.Challenges.Issue(TestSecrets.Acme);
        var honest = TestBrowser.Seal("secret", key, challenge, TestSecrets.Acme, "test.secret");
        var lying = TestBrowser.Seal("secret", key, challenge with { ExpiresAt = challenge.ExpiresAt.AddDays(1) }, TestSecrets.Acme, "test.secret");
        (await RefusalAsync(lying)).ShouldContain("too long ago");

        clock.Move(Challenges.GoodFor);

        (await RefusalAsync(honest)).ShouldContain("too long ago");
    }

    [Fact]
    public async Task Sent_twice_it_opens_once()
    {
        var token = await secrets.SealAsync("secret");

        (await OpenAsync(token)).ShouldBe("secret");
        (await RefusalAsync(token)).ShouldContain("was sent before");
    }

    [Fact]
    public async Task One_challenge_raced_by_50_calls_on_two_nodes_is_accepted_once()
    {
        TestSecrets[] nodes = [secrets, new(secrets.Owner, clock, fixture.Master)];
        var key = await nodes[0].EncryptionKeys.CurrentAsync(default);
        var challenge = nodes[0].Challenges.Issue(TestSecrets.Acme);
        // Different secrets that answer the same challenge: not only the same bytes again.
        var tokens = Enumerable.Range(0, 50).Select(i => TestBrowser.Seal($"secret {i}", key, challenge, TestSecrets.Acme, "test.secret")).ToList();

        var outcomes = await Task.WhenAll(tokens.Select((token, i) =>
            Task.Run(() => nodes[i % 2].DecryptFromClient.RunAsync(token, TestSecrets.Acme, "test.secret", default))));

        outcomes.OfType<DecryptFromClient.Outcome.Opened>().Count().ShouldBe(1);
        outcomes.OfType<DecryptFromClient.Outcome.Refused>().Select(refused => refused.Why).Distinct().ShouldBe(["was sent before; seal it again"]);
    }

    [Theory, MemberData(nameof(OddHeaders))]
    public async Task Any_other_header_is_refused(string what, Action<JsonObject> change)
    {
        var key = await secrets.EncryptionKeys.CurrentAsync(default);
        var token = TestBrowser.Seal("secret", key, secrets.Challenges.Issue(TestSecrets.Acme), TestSecrets.Acme, "test.secret", change);

        (await RefusalAsync(token)).ShouldBe("is not sealed as encryptForServer seals", what);
    }

    public static TheoryData<string, Action<JsonObject>> OddHeaders() => new()
    {
        { "alg", header => header["alg"] = "ECDH-ES+A256KW" },
        { "alg dir", header => header["alg"] = "dir" },
        { "alg none", header => header["alg"] = "none" },
        { "alg case", header => header["alg"] = "ecdh-es" },
        { "alg number", header => header["alg"] = 1 },
        { "enc", header => header["enc"] = "A128GCM" },
        { "enc cbc", header => header["enc"] = "A256CBC-HS512" },
        { "typ", header => header["typ"] = "JWT" },
        { "zip", header => header["zip"] = "DEF" },
        { "crit", header => header["crit"] = new JsonArray("exp") },
        { "jwk", header => header["jwk"] = header["epk"]!.DeepClone() },
        { "x5c", header => header["x5c"] = new JsonArray("MII=") },
        { "jku", header => header["jku"] = "https://keys.example" },
        { "apu", header => header["apu"] = "QWxpY2U" },
        { "unknown", header => header["note"] = "hello" },
        { "no kid", header => header.Remove("kid") },
        { "empty kid", header => header["kid"] = "" },
        { "long purpose", header => header["purpose"] = new string('p', 201) },
        { "exp text", header => header["exp"] = "1795000000" },
        { "exp fraction", header => header["exp"] = 1795000000.5 },
        { "exp negative", header => header["exp"] = -1 },
        { "exp beyond time", header => header["exp"] = long.MaxValue },
        { "epk private", header => header["epk"]!["d"] = "AAAA" },
        { "epk curve", header => header["epk"]!["crv"] = "P-384" },
        { "epk kind", header => header["epk"]!["kty"] = "OKP" },
        { "epk text", header => header["epk"] = "point" },
        { "epk off the curve", header => header["epk"]!["y"] = CanonicalBase64Url.Encode(RandomNumberGenerator.GetBytes(32)) },
        { "epk zero", header => header["epk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = new string('A', 43), ["y"] = new string('A', 43) } },
        { "epk short", header => header["epk"]!["x"] = CanonicalBase64Url.Encode(new byte[31]) },
        { "epk beyond p", header => header["epk"]!["x"] = CanonicalBase64Url.Encode(Enumerable.Repeat((byte)255, 32).ToArray()) },
        { "epk padded", header => header["epk"]!["x"] = header["epk"]!["x"]!.GetValue<string>() + "=" },
    };

    [Theory]
    [InlineData("""{"alg":"none",""", """{""")]
    [InlineData("""{"kid":"other",""", """{""")]
    [InlineData("""[{""", """{""")]
    [InlineData("""{/**/""", """{""")]
    public async Task A_header_with_a_member_twice_or_that_is_no_object_is_refused(string now, string before)
    {
        var key = await secrets.EncryptionKeys.CurrentAsync(default);
        var token = TestBrowser.Seal(
            "secret", key, secrets.Challenges.Issue(TestSecrets.Acme), TestSecrets.Acme, "test.secret", respell: json => now + json[before.Length..]);

        (await RefusalAsync(token)).ShouldBe("is not sealed as encryptForServer seals");
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("....")]
    [InlineData("sk_test_123")]
    [InlineData("e30..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_was_not_sealed_at_all_is_refused(string? token)
    {
        (await RefusalAsync(token)).ShouldBe("is not sealed as encryptForServer seals");
    }

    [Fact]
    public async Task Nothing_sealed_and_bytes_that_are_no_text_are_refused()
    {
        var key = await secrets.EncryptionKeys.CurrentAsync(default);
        var nothing = TestBrowser.Seal("", key, secrets.Challenges.Issue(TestSecrets.Acme), TestSecrets.Acme, "test.secret");
        var noText = TestBrowser.Seal([0xC3, 0x28], key, secrets.Challenges.Issue(TestSecrets.Acme), TestSecrets.Acme, "test.secret");

        (await RefusalAsync(nothing)).ShouldBe("is not sealed as encryptForServer seals");
        (await RefusalAsync(noText)).ShouldBe("was changed after it was sealed");
    }

    [Fact]
    public async Task Ten_thousand_mutated_tokens_are_refused_quickly_and_use_up_nothing()
    {
        var token = await secrets.SealAsync("sk_test_canary");
        var picks = new Picks(20261121);
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 10_000; i++)
        {
            var mutated = Mutations.Mutate(token, picks);
            if (mutated == token) continue;
            var outcome = await secrets.DecryptFromClient.RunAsync(mutated, TestSecrets.Acme, "test.secret", default);
            outcome.ShouldBeOfType<DecryptFromClient.Outcome.Refused>(mutated);
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        (await secrets.Owner.QueryAsync<string>("select challenge from used_challenges", null, default)).ShouldBeEmpty();
        (await OpenAsync(token)).ShouldBe("sk_test_canary");
    }

    private async Task<string> OpenAsync(string token) =>
        (await secrets.DecryptFromClient.RunAsync(token, TestSecrets.Acme, "test.secret", default)).ShouldBeOfType<DecryptFromClient.Outcome.Opened>().Secret.Reveal();

    private async Task<string> RefusalAsync(string? token, string tenant = TestSecrets.Acme, string purpose = "test.secret") =>
        (await secrets.DecryptFromClient.RunAsync(token, tenant, purpose, default)).ShouldBeOfType<DecryptFromClient.Outcome.Refused>().Why;

    public sealed class Fixture : IAsyncLifetime
    {
        internal MasterKey Master { get; } = TestSecrets.NewMasterKey();

        internal OwnerDb Owner { get; private set; } = null!;

        public async Task InitializeAsync() => Owner = (await TestSecrets.NewAsync(TimeProvider.System)).Owner;

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
