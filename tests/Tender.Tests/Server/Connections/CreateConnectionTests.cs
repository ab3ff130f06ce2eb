using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Tests.Server.Secrets;

namespace Tender.Tests.Server.Connections;

public sealed class CreateConnectionTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestConnections tenant = null!;

    public async Task InitializeAsync() => tenant = await TestConnections.NewAsync(clock);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_working_account_is_connected_sealed_and_on_record()
    {
        var made = await tenant.ConnectAsync("sk_test_main", name: "Main");

        made.ShouldSatisfyAllConditions(
            () => made.Id.ShouldStartWith("con_acme00_"),
            () => made.Status.ShouldBe("healthy"),
            () => made.Mode.ShouldBe("test"),
            () => made.IsDefault.ShouldBeTrue(),
            () => made.AccountId.ShouldBe("acct_main"),
            () => made.Currencies.ShouldBe(["eur", "usd"], ignoreOrder: true),
            () => made.Fields.ShouldBe(new Dictionary<string, string> { ["publishableKey"] = "pk_test_1" }),
            () => made.KeptSecrets.ShouldBe(["secretKey", "webhookSecret"]),
            () => made.WebhookUrl.ShouldBe(new Uri($"https://pay.example/api/webhooks/fake/{made.Id}")),
            () => made.LastCheck.ShouldBe("Works."));
        var account = await tenant.Get<OpenAccount>().RunAsync(tenant.Acme, made.Id, default);
        account.RequiredSecret("secretKey").Reveal().ShouldBe("sk_test_main");
        account.Field("publishableKey").ShouldBe("pk_test_1");
        account.Mode.ShouldBe(Mode.Test);
        (await ListAudit.RunAsync(tenant.Acme, new() { Subject = made.Id }, default)).Data.ShouldHaveSingleItem().Action.ShouldBe("connection.created");
        (await OwnersOfAsync("acct_main")).ShouldBe(["acme00"]);
    }

    [Fact]
    public async Task A_provider_that_sets_up_its_webhooks_is_told_the_address_and_its_secret_is_kept()
    {
        var made = await tenant.ConnectAsync();

        tenant.Fake.Addresses.ShouldBe([made.WebhookUrl]);
        made.WebhookRegistered.ShouldBeTrue();
        made.WebhookNote.ShouldBeNull();
        var account = await tenant.Get<OpenAccount>().RunAsync(tenant.Acme, made.Id, default);
        account.AcceptedWebhookSecrets.ShouldHaveSingleItem().Reveal().ShouldBe("whsec_canary_registered");
    }

    [Fact]
    public async Task A_creation_that_was_cut_off_before_its_webhook_was_registered_registers_it_when_it_goes_on()
    {
        tenant.Fake.Cut = true;
        await Should.ThrowAsync<InvalidOperationException>(() => tenant.ConnectAsync("sk_test_main"));
        tenant.Fake.Cut = false;
        var id = (await tenant.Get<ListConnections>().RunAsync(tenant.Acme, default)).ShouldHaveSingleItem().Id;

        for (var again = 0; again < 2; again++)
        {
            var resumed = new IdempotentCall("POST /api/connections/create", "key", [], id, clock);
            var saved = again is 0
                ? await tenant.Get<CreateConnection>().RunAsync(tenant.Acme, new("fake", null, null, []), TestConnections.Admin, default, resumed)
                : await tenant.Get<SaveProviderConnection>().RunAsync(tenant.Acme, "fake", JsonSerializer.SerializeToElement(new { secretKey = "spent" }), TestConnections.Admin, default, resumed);

            saved.ShouldBeOfType<Saved.Created>().Connection.ShouldSatisfyAllConditions(made => made.Id.ShouldBe(id), made => made.WebhookRegistered.ShouldBeTrue());
        }

        tenant.Fake.Addresses.Count.ShouldBe(1);
        (await tenant.Get<OpenAccount>().RunAsync(tenant.Acme, id, default)).AcceptedWebhookSecrets.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_provider_that_does_not_set_them_up_is_no_reason_to_refuse_and_the_secret_can_be_pasted()
    {
        tenant.Fake.Registration = new WebhookRegistration.Refused("no public address");
        var made = await tenant.ConnectAsync();
        made.WebhookNote!.ShouldContain($"Add {made.WebhookUrl} there by hand");
        made.KeptSecrets.ShouldBe(["secretKey"]);

        var pasted = await tenant.Secrets.SealAsync("whsec_pasted", purpose: ReadCredentials.Purpose("fake", "webhookSecret"));
        (await tenant.Get<ChangeConnection>().RunAsync(tenant.Acme, made.Id, new(Credentials: new() { ["webhookSecret"] = pasted }), TestConnections.Admin, default))
            .ShouldBeOfType<Saved.Changed>();

        var account = await tenant.Get<OpenAccount>().RunAsync(tenant.Acme, made.Id, default);
        account.AcceptedWebhookSecrets.ShouldHaveSingleItem().Reveal().ShouldBe("whsec_pasted");
    }

    [Fact]
    public async Task What_the_provider_refuses_or_does_not_answer_is_not_stored()
    {
        (await CreateAsync("sk_test_refused")).ShouldBe(new Saved.Refused("No such API key."));
        (await CreateAsync("sk_test_away")).ShouldBeOfType<Saved.NotReached>();

        ConnectionAnswers.ProblemOf(await CreateAsync("sk_test_refused"))!.Status.ShouldBe(422);
        ConnectionAnswers.ProblemOf(await CreateAsync("sk_test_away"))!.Status.ShouldBe(502);
        (await tenant.Get<ListConnections>().RunAsync(tenant.Acme, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_live_key_is_no_test_connection_and_without_a_mode_the_key_decides()
    {
        (await CreateAsync("sk_live_main", mode: "test")).ShouldBe(new Saved.OtherMode(Mode.Live));

        (await tenant.ConnectAsync("sk_live_main")).Mode.ShouldBe("live");
    }

    [Fact]
    public async Task An_account_that_may_not_charge_yet_is_connected_and_said_to_be_unwell()
    {
        var made = await tenant.ConnectAsync("sk_test_restricted");

        made.Status.ShouldBe("unhealthy");
        made.LastCheck!.ShouldContain("does not let it take payments yet");
    }

    [Fact]
    public async Task Fields_that_are_missing_wrong_unknown_or_not_sealed_are_named_and_nobody_is_asked()
    {
        await WrongAsync(new() { ["publishableKey"] = "pk_test_1" }, "credentials.secretKey", "is needed");
        await WrongAsync(new() { ["publishableKey"] = "pk_test_1", ["secretKey"] = "sk_test_plain" }, "credentials.secretKey", "not sealed");
        await WrongAsync(await tenant.EnteredAsync("sk_test_1", publishableKey: "sk_test_oops"), "credentials.publishableKey", "does not look like one");
        await WrongAsync(await tenant.EnteredAsync("pk_test_oops"), "credentials.secretKey", "does not look like one");
        await WrongAsync(await tenant.EnteredAsync("sk_test_1\n"), "credentials.secretKey", "does not look like one");
        await WrongAsync(await tenant.EnteredAsync("sk_test_1", provider: "second"), "credentials.secretKey", "sealed for something else");
        await WrongAsync(await tenant.EnteredAsync("sk_test_1", tenant: TestSecrets.Other), "credentials.secretKey", "sealed for something else");
        await WrongAsync(new(await tenant.EnteredAsync("sk_test_1")) { ["iban"] = "DE00" }, "credentials.iban", "is no field");
        tenant.Fake.Checks.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_sealed_secret_connects_only_once()
    {
        var entered = await tenant.EnteredAsync("sk_test_main");
        (await tenant.Get<CreateConnection>().RunAsync(tenant.Acme, new("fake", "A", null, entered), TestConnections.Admin, default)).ShouldBeOfType<Saved.Created>();

        await WrongAsync(entered, "credentials.secretKey", "was sent before");
    }

    [Fact]
    public async Task A_name_is_taken_once_a_provider()
    {
        await tenant.ConnectAsync("sk_test_main", name: "Main");

        (await CreateAsync("sk_test_second", name: "Main")).ShouldBe(new Saved.NameTaken());
    }

    [Fact]
    public async Task The_first_of_a_provider_and_mode_is_the_default_even_when_twenty_come_at_once()
    {
        var entered = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => tenant.EnteredAsync($"sk_test_n{i}")));

        var made = await Task.WhenAll(entered.Select((credentials, i) => Task.Run(() =>
            tenant.Get<CreateConnection>().RunAsync(tenant.Acme, new("fake", $"Account {i}", "test", credentials), TestConnections.Admin, default))));

        made.ShouldAllBe(saved => saved is Saved.Created);
        (await tenant.Get<ListConnections>().RunAsync(tenant.Acme, default)).Count(connection => connection.IsDefault).ShouldBe(1);
        (await VerifyAudit.RunAsync(tenant.Acme, default)).ShouldBe(new VerifyAudit.Outcome.Whole(20));
    }

    [Fact]
    public async Task Plans_connect_as_many_providers_as_they_say()
    {
        await tenant.ConnectAsync("sk_test_main", name: "Main");
        await tenant.ConnectAsync("sk_test_more", name: "More");

        var refused = await CreateAsync("sk_test_main", provider: "second");

        refused.ShouldBe(new Saved.PlanNeeded("business"));
        ConnectionAnswers.ProblemOf(refused)!.Status.ShouldBe(402);
    }

    [Theory]
    [InlineData("free", "pro")]
    [InlineData("starter", "pro")]
    [InlineData("pro", null)]
    [InlineData("business", null)]
    public void The_first_provider_needs_the_Pro_plan(string plan, string? needed) =>
        PlanLimits.NeededFor(tenant.Acme.Tenant with { Plan = plan }, "fake", []).ShouldBe(needed);

    private async Task<Saved> CreateAsync(string secretKey, string? name = null, string? mode = null, string provider = "fake") =>
        await tenant.Get<CreateConnection>().RunAsync(
            tenant.Acme, new(provider, name, mode, await tenant.EnteredAsync(secretKey, provider: provider)), TestConnections.Admin, default);

    private async Task WrongAsync(Dictionary<string, string> entered, string field, string why)
    {
        var saved = await tenant.Get<CreateConnection>().RunAsync(tenant.Acme, new("fake", null, null, entered), TestConnections.Admin, default);
        var (name, whys) = saved.ShouldBeOfType<Saved.Wrong>().Errors.ShouldHaveSingleItem();
        name.ShouldBe(field);
        whys.ShouldHaveSingleItem().ShouldContain(why);
    }

    private Task<IReadOnlyList<string>> OwnersOfAsync(string account) =>
        tenant.Owner.QueryAsync<string>("select tenant from connected_accounts where account_id = @account", new { account }, default);
}
