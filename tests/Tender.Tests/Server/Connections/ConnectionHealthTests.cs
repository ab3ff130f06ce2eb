using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Events;

namespace Tender.Tests.Server.Connections;

public sealed class ConnectionHealthTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestConnections tenant = null!;

    public async Task InitializeAsync() => tenant = await TestConnections.NewAsync(clock);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_check_is_stored_with_what_the_provider_said()
    {
        var made = await tenant.ConnectAsync();
        tenant.Fake.Answer = new AccountCheck.Refused("Expired key.");

        var answer = await tenant.Get<CheckConnection>().RunAsync(tenant.Acme, made.Id, TestConnections.Admin, default);

        answer.ShouldNotBeNull().ShouldSatisfyAllConditions(
            a => a.Outcome.ShouldBe("refused"), a => a.Status.ShouldBe("unhealthy"), a => a.Detail.ShouldBe("The provider refuses the credentials: Expired key."));
        var after = (await tenant.FindAsync(made.Id))!;
        after.Status.ShouldBe("unhealthy");
        after.LastCheck.ShouldBe(answer.Detail);
        (await tenant.Get<ReadConnections>().FindAsync(tenant.Acme, made.Id, default))!.Status.ShouldBe("unhealthy");
        (await ChecksAsync(made.Id)).ShouldBe(["works", "refused"]);
        (await tenant.Get<CheckConnection>().RunAsync(tenant.Acme, "con_acme00_none", TestConnections.Admin, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_providers_long_words_are_stored_and_not_cut_within_a_letter()
    {
        tenant.Fake.Answer = new AccountCheck.Works("acct_long", new string('n', 99) + "🙂 and sons", Mode.Test, CanCharge: true, ["usd"]);
        var made = await tenant.ConnectAsync();
        made.Name.ShouldBe(new string('n', 99));
        const string Before = "The provider refuses the credentials: ";
        tenant.Fake.Answer = new AccountCheck.Refused(new string('r', 499 - Before.Length) + "🙂 and more");

        var answer = await tenant.Get<CheckConnection>().RunAsync(tenant.Acme, made.Id, TestConnections.Admin, default);

        answer.ShouldNotBeNull().Detail.ShouldBe(Before + new string('r', 499 - Before.Length));
    }

    [Fact]
    public async Task The_schedule_notices_what_became_unwell_and_what_became_well_again()
    {
        var made = await tenant.ConnectAsync();
        tenant.Fake.Answer = new AccountCheck.NotReached("no connection could be made");

        (await Schedule(tenant).RunAsync(tenant.Acme, default)).ShouldBe(clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("healthy");
        clock.Move(TimeSpan.FromMinutes(5));
        (await Schedule(tenant).RunAsync(tenant.Acme, default)).ShouldBe(clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("unhealthy");

        tenant.Fake.Answer = null;
        clock.Move(TimeSpan.FromMinutes(1));
        await Schedule(tenant).RunAsync(tenant.Acme, default);
        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("healthy");
    }

    [Fact]
    public async Task Two_nodes_at_once_ask_the_provider_once_for_each_connection()
    {
        for (var i = 0; i < 20; i++) await tenant.ConnectAsync($"sk_test_n{i}", name: $"Account {i}");
        var other = tenant.AnotherNode(clock);
        clock.Move(TimeSpan.FromHours(1));
        var before = tenant.Fake.Checks;

        await Task.WhenAll(Schedule(tenant).RunAsync(tenant.Acme, default), Schedule(other).RunAsync(tenant.Acme, default));

        (tenant.Fake.Checks - before + other.Fake.Checks).ShouldBe(20);
    }

    [Fact]
    public async Task What_nobody_uses_is_checked_rarely_and_what_is_off_not_at_all()
    {
        var made = await tenant.ConnectAsync();
        clock.Move(TimeSpan.FromDays(2));
        (await Schedule(tenant).RunAsync(tenant.Acme, default)).ShouldBe(clock.GetUtcNow() + TimeSpan.FromHours(6));

        await tenant.Get<ChangeConnection>().RunAsync(tenant.Acme, made.Id, new(IsEnabled: false), TestConnections.Admin, default);
        (await Schedule(tenant).RunAsync(tenant.Acme, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Checks_are_kept_for_a_month_also_those_of_a_connection_that_is_off()
    {
        var (off, on) = (await tenant.ConnectAsync("sk_test_off", name: "Off"), await tenant.ConnectAsync("sk_test_on", name: "On"));
        await tenant.Get<ChangeConnection>().RunAsync(tenant.Acme, off.Id, new(IsEnabled: false), TestConnections.Admin, default);
        clock.Move(TimeSpan.FromDays(29));
        tenant.Fake.Answer = new AccountCheck.Refused("Expired key.");
        await tenant.Get<CheckConnection>().RunAsync(tenant.Acme, on.Id, TestConnections.Admin, default);
        await ForgetAsync();
        (await ChecksAsync(off.Id)).ShouldBe(["works"]);

        clock.Move(TimeSpan.FromDays(2));
        await ForgetAsync();

        (await ChecksAsync(off.Id)).ShouldBeEmpty();
        (await ChecksAsync(on.Id)).ShouldBe(["refused"]);

        Task ForgetAsync() => TestDatabases.ForgetAsync(tenant.Acme, CheckStatements.Forgotten, clock);
    }

    [Fact]
    public async Task A_lost_note_of_whose_account_it_is_heals_at_the_next_check()
    {
        var made = await tenant.ConnectAsync();
        await tenant.Owner.ExecuteAsync("delete from connected_accounts", null, default);

        await tenant.Get<CheckConnection>().RunAsync(tenant.Acme, made.Id, TestConnections.Admin, default);

        (await tenant.Owner.QueryAsync<string>("select connection_id from connected_accounts", null, default)).ShouldBe([made.Id]);
    }

    private static CheckConnectionsWhenDue Schedule(TestConnections node) => node.Get<IEnumerable<ITenantWork>>().OfType<CheckConnectionsWhenDue>().Single();

    private Task<IReadOnlyList<string>> ChecksAsync(string id) =>
        tenant.Acme.QueryAsync<string>("select outcome from connection_checks where connection_id = @id order by id", new { id }, default);
}
