using Tender.Server.Audit;
using Tender.Server.Connections;

namespace Tender.Tests.Server.Connections;

public sealed class DeleteConnectionTests : IAsyncLifetime
{
    private TestConnections tenant = null!;

    public async Task InitializeAsync() => tenant = await TestConnections.NewAsync(TimeProvider.System);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Without_open_payments_it_is_gone_with_its_secrets_and_on_record()
    {
        var made = await tenant.ConnectAsync();

        (await DeleteAsync(made.Id)).ShouldBeOfType<DeleteConnection.Outcome.Deleted>();

        (await tenant.FindAsync(made.Id)).ShouldBeNull();
        (await tenant.Get<ReadConnections>().RunAsync(tenant.Acme, default)).ShouldBeEmpty();
        (await tenant.Owner.QueryAsync<string>("select connection_id from connected_accounts", null, default)).ShouldBeEmpty();
        (await ListAudit.RunAsync(tenant.Acme, new() { Subject = made.Id, Action = "connection.deleted" }, default)).Data.ShouldHaveSingleItem();
        (await DeleteAsync(made.Id)).ShouldBeOfType<DeleteConnection.Outcome.NotFound>();
    }

    [Fact]
    public async Task With_an_open_payment_it_stays_and_can_only_be_drained()
    {
        var made = await tenant.ConnectAsync();
        await PaymentAsync(made.Id, "awaiting_payer");

        var refused = await DeleteAsync(made.Id);

        ConnectionAnswers.ProblemOf(refused)!.Status.ShouldBe(409);
        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("healthy");
        (await DeleteAsync(made.Id, drain: true)).ShouldBeOfType<DeleteConnection.Outcome.Draining>();
        (await tenant.Get<ReadConnections>().FindAsync(tenant.Acme, made.Id, default))!.Status.ShouldBe("draining");
        await tenant.Get<CheckConnection>().RunAsync(tenant.Acme, made.Id, TestConnections.Admin, default);
        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("draining");

        await tenant.Acme.ExecuteAsync("update payments set status = 'succeeded'", null, default);
        (await DeleteAsync(made.Id)).ShouldBeOfType<DeleteConnection.Outcome.Deleted>();
    }

    [Fact]
    public async Task A_payment_that_begins_while_it_is_being_deleted_keeps_it()
    {
        var made = await tenant.ConnectAsync();
        var deleting = DeleteAsync(made.Id);
        while ((await tenant.FindAsync(made.Id))!.Status is not "draining") await Task.Delay(5);

        await PaymentAsync(made.Id, "created");

        (await deleting).ShouldBeOfType<DeleteConnection.Outcome.StillOpen>();
        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("healthy");
        (await ListAudit.RunAsync(tenant.Acme, new() { Subject = made.Id, Action = "connection.deleted" }, default)).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task Switching_a_draining_one_on_again_ends_the_draining()
    {
        var made = await tenant.ConnectAsync();
        await DeleteAsync(made.Id, drain: true);

        await tenant.Get<ChangeConnection>().RunAsync(tenant.Acme, made.Id, new(IsEnabled: true), TestConnections.Admin, default);

        (await tenant.FindAsync(made.Id))!.Status.ShouldBe("unchecked");
    }

    [Fact]
    public async Task Many_at_once_have_one_outcome_each()
    {
        var busy = await tenant.ConnectAsync("sk_test_busy", name: "Busy");
        var idle = await tenant.ConnectAsync("sk_test_idle", name: "Idle");
        await PaymentAsync(busy.Id, "processing");

        var results = await tenant.Get<ChangeManyConnections>().RunAsync(
            tenant.Acme, new("delete", [busy.Id, idle.Id, "con_acme00_none", idle.Id]), TestConnections.Admin, default);

        results.Select(result => (result.Id, result.Status, result.Code)).ShouldBe(
            [(busy.Id, 409, "payments_open"), (idle.Id, 200, null), ("con_acme00_none", 404, "unknown_connection")]);
        (await tenant.Get<ChangeManyConnections>().RunAsync(tenant.Acme, new("disable", [busy.Id]), TestConnections.Admin, default)).ShouldHaveSingleItem().Ok.ShouldBeTrue();
        (await tenant.FindAsync(busy.Id))!.IsEnabled.ShouldBeFalse();
    }

    private Task<DeleteConnection.Outcome> DeleteAsync(string id, bool drain = false) =>
        tenant.Get<DeleteConnection>().RunAsync(tenant.Acme, id, drain, TestConnections.Admin, default);

    private Task<int> PaymentAsync(string connectionId, string status) => tenant.Acme.ExecuteAsync("""
        insert into payments (id, mode, amount_minor, currency, status, purpose, presentation, connection_id, created_at, expires_at)
        values ('pay_acme00_1', 'test', 100, 'usd', @status, 'api', 'hosted', @connectionId, now(), now())
        """, new { connectionId, status }, default);
}
