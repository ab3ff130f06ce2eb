using Tender.Domain.Providers;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Tests.Server.Secrets;

namespace Tender.Tests.Server.Connections;

public sealed class ChangeConnectionTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestConnections tenant = null!;

    public async Task InitializeAsync() => tenant = await TestConnections.NewAsync(clock);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_is_given_is_changed_and_the_rest_stays()
    {
        var before = await tenant.ConnectAsync(name: "Main");

        var after = await ChangedAsync(before.Id, new(Name: "Renamed", IsEnabled: false, Priority: 7, Currencies: ["EUR", "usd", "eur"]));

        after.ShouldSatisfyAllConditions(
            () => after.Name.ShouldBe("Renamed"), () => after.IsEnabled.ShouldBeFalse(), () => after.Priority.ShouldBe(7),
            () => after.Currencies.ShouldBe(["eur", "usd"]), () => after.IsDefault.ShouldBeTrue(), () => after.Status.ShouldBe("healthy"));
        var row = (await tenant.Get<ReadConnections>().FindAsync(tenant.Acme, before.Id, default))!;
        row.Name.ShouldBe("Renamed");
    }

    [Fact]
    public async Task A_new_default_takes_the_place_of_the_old()
    {
        var first = await tenant.ConnectAsync("sk_test_a", name: "A");
        var second = await tenant.ConnectAsync("sk_test_b", name: "B");
        var live = await tenant.ConnectAsync("sk_live_c", name: "C");

        (await ChangedAsync(second.Id, new(IsDefault: true))).IsDefault.ShouldBeTrue();

        (await tenant.FindAsync(first.Id))!.IsDefault.ShouldBeFalse();
        (await tenant.FindAsync(live.Id))!.IsDefault.ShouldBeTrue();
    }

    [Fact]
    public async Task New_credentials_of_the_same_account_are_used_at_once()
    {
        var made = await tenant.ConnectAsync("sk_test_main");
        (await OpenAsync(made.Id)).RequiredSecret("secretKey").Reveal().ShouldBe("sk_test_main");

        await ChangedAsync(made.Id, new(Credentials: await SecretAsync("sk_test_main_2")));

        (await OpenAsync(made.Id)).RequiredSecret("secretKey").Reveal().ShouldBe("sk_test_main_2");
    }

    [Fact]
    public async Task New_credentials_that_are_refused_or_open_another_account_or_mode_leave_the_old_in_place()
    {
        var made = await tenant.ConnectAsync("sk_test_main");

        (await ChangeAsync(made.Id, new(Name: "New name", Credentials: await SecretAsync("sk_test_refused")))).ShouldBeOfType<Saved.Refused>();
        (await ChangeAsync(made.Id, new(Credentials: await SecretAsync("sk_test_away")))).ShouldBeOfType<Saved.NotReached>();
        (await ChangeAsync(made.Id, new(Credentials: await SecretAsync("sk_test_stranger")))).ShouldBe(new Saved.OtherAccount("acct_stranger"));
        (await ChangeAsync(made.Id, new(Credentials: await SecretAsync("sk_live_main")))).ShouldBe(new Saved.OtherMode(Mode.Live));

        (await OpenAsync(made.Id)).RequiredSecret("secretKey").Reveal().ShouldBe("sk_test_main");
        (await tenant.FindAsync(made.Id))!.Name.ShouldBe(made.Name);
    }

    [Fact]
    public async Task After_a_new_webhook_secret_the_old_one_is_taken_for_a_day()
    {
        var made = await tenant.ConnectAsync();

        await ChangedAsync(made.Id, new(Credentials: new() { ["webhookSecret"] = await tenant.Secrets.SealAsync("whsec_new", purpose: "connections.fake.webhookSecret") }));

        (await AcceptedAsync(made.Id)).ShouldBe(["whsec_new", "whsec_canary_registered"]);
        clock.Move(TimeSpan.FromHours(25));
        (await AcceptedAsync(made.Id)).ShouldBe(["whsec_new"]);
        (await tenant.FindAsync(made.Id))!.KeptSecrets.ShouldBe(["secretKey", "webhookSecret"]);
    }

    [Fact]
    public async Task The_record_names_the_fields_that_changed_and_not_what_is_in_them()
    {
        var made = await tenant.ConnectAsync();
        var entered = await SecretAsync("sk_test_main_canary");

        await ChangedAsync(made.Id, new(Credentials: entered));

        var line = (await ListAudit.RunAsync(tenant.Acme, new() { Subject = made.Id, Action = "connection.changed" }, default)).Data.ShouldHaveSingleItem();
        line.Actor.ShouldBe("usr_ada");
        line.Details.GetProperty("credentials")[0].GetString().ShouldBe("secretKey");
        line.Details.ToString().ShouldNotContain("canary");
        line.Details.ToString().ShouldNotContain(entered["secretKey"]);
    }

    [Fact]
    public async Task Another_node_sees_a_change_within_a_second()
    {
        var made = await tenant.ConnectAsync("sk_test_main");
        var other = tenant.AnotherNode(clock);
        (await other.Get<OpenAccount>().RunAsync(tenant.Acme, made.Id, default)).RequiredSecret("secretKey").Reveal().ShouldBe("sk_test_main");

        await ChangedAsync(made.Id, new(Credentials: await SecretAsync("sk_test_main_2")));
        clock.Move(TimeSpan.FromSeconds(1));

        (await other.Get<OpenAccount>().RunAsync(tenant.Acme, made.Id, default)).RequiredSecret("secretKey").Reveal().ShouldBe("sk_test_main_2");
    }

    [Fact]
    public async Task The_call_for_one_provider_creates_then_changes()
    {
        var save = tenant.Get<SaveProviderConnection>();
        var created = (await save.RunAsync(tenant.Acme, "fake", Json(await tenant.EnteredAsync("sk_test_main")), TestConnections.Admin, default)).ShouldBeOfType<Saved.Created>();

        var body = new Dictionary<string, string>(await SecretAsync("sk_test_main_2")) { ["name"] = "Renamed" };
        var changed = (await save.RunAsync(tenant.Acme, "fake", Json(body), TestConnections.Admin, default)).ShouldBeOfType<Saved.Changed>();

        changed.Connection.Id.ShouldBe(created.Connection.Id);
        changed.Connection.Name.ShouldBe("Renamed");
        (await tenant.Get<ListConnections>().FindAsync(tenant.Acme, "fake", "test", default))!.Id.ShouldBe(created.Connection.Id);
        (await tenant.Get<ListConnections>().FindAsync(tenant.Acme, "second", "test", default)).ShouldBeNull();
        (await save.RunAsync(tenant.Acme, "unheard-of", Json(body), TestConnections.Admin, default)).ShouldBeOfType<Saved.Wrong>().Errors.Keys.ShouldContain("provider");
        (await save.RunAsync(tenant.Acme, "fake", Json(new[] { 1 }), TestConnections.Admin, default)).ShouldBeOfType<Saved.Wrong>();
    }

    private async Task<Saved> ChangeAsync(string id, ChangeConnection.Request request) =>
        await tenant.Get<ChangeConnection>().RunAsync(tenant.Acme, id, request, TestConnections.Admin, default);

    private async Task<Connection> ChangedAsync(string id, ChangeConnection.Request request) => (await ChangeAsync(id, request)).ShouldBeOfType<Saved.Changed>().Connection;

    private async Task<Dictionary<string, string>> SecretAsync(string secretKey) =>
        new() { ["secretKey"] = await tenant.Secrets.SealAsync(secretKey, TestSecrets.Acme, "connections.fake.secretKey") };

    private async Task<Account> OpenAsync(string id) => await tenant.Get<OpenAccount>().RunAsync(tenant.Acme, id, default);

    private async Task<IEnumerable<string>> AcceptedAsync(string id) => (await OpenAsync(id)).AcceptedWebhookSecrets.Select(secret => secret.Reveal());

    private static System.Text.Json.JsonElement Json(object body) => System.Text.Json.JsonSerializer.SerializeToElement(body);
}
