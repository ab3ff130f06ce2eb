using System.Collections.Concurrent;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;
using Tender.Server.Webhooks.In;

namespace Tender.Tests.Server.Webhooks.In;

public sealed class InboxTests
{
    [Fact]
    public async Task An_event_whose_sender_hung_up_is_stored_and_due_all_the_same()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var written = await TestDatabases.NewTenantAsync(owner, "acme00");
        var (signal, heard) = (new WorkSignal(), new ConcurrentQueue<(string, Work)>());
        signal.Listen((code, work, _) => heard.Enqueue((code, work)));
        await using var tenants = new TenantDatabases(owner, new DatabaseServer((await TestDatabases.ServerAsync()).ConnectionString), signal, TimeProvider.System);
        var db = (await tenants.FindAsync("acme00", default)).ShouldNotBeNull();
        var now = TimeProvider.System.GetUtcNow();
        using var sender = new CancellationTokenSource();
        Task storing;
        await using (var locking = await written.Source.OpenConnectionAsync())
        await using (var transaction = await locking.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("lock table provider_events in exclusive mode", locking)) await command.ExecuteNonQueryAsync();
            storing = new Inbox(TimeProvider.System).AddAsync(db, Row("evt_1", now), sender.Token);
            await TestDatabases.SomebodyWaitsAsync(written);
            await sender.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => storing);
            heard.ShouldBeEmpty();
        }

        for (var i = 0; heard.IsEmpty && i < 200; i++) await Task.Delay(50);

        heard.ShouldBe([("acme00", WorkKind.ProviderEvents)]);
        (await written.QuerySingleOrDefaultAsync<string>("select event_id from provider_events", null, default)).ShouldBe("evt_1");
    }

    [Fact]
    public async Task What_is_stored_is_handed_over_once_and_leased_meanwhile()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var (db, inbox, now) = (await TestDatabases.NewTenantAsync(owner, "acme00"), new Inbox(new TestClock()), TestClock.Noon);

        await Task.WhenAll(inbox.AddAsync(db, Row("evt_1", now), default), inbox.AddAsync(db, Row("evt_1", now), default), inbox.AddAsync(db, Row("evt_2", dueAt: null), default));
        await inbox.AddAsync(db, Row("evt_1", now), default);

        inbox.TakeHanded(db, 10).Select(one => one.EventId).ShouldBe(["evt_1"]);
        inbox.TakeHanded(db, 10).ShouldBeEmpty();
        (await db.QueryAsync<string>("select event_id || ' ' || tries || ' ' || coalesce(next_at::text, 'never') from provider_events where next_at is not null", null, default))
            .ShouldBe([$"evt_1 1 {now + Inbox.Lease:yyyy-MM-dd HH:mm:ss}+00"]);
    }

    [Fact]
    public async Task What_comes_while_many_wait_is_left_to_whoever_has_time()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var (db, inbox, now) = (await TestDatabases.NewTenantAsync(owner, "acme00"), new Inbox(new TestClock()), TestClock.Noon);

        for (var i = 0; i < 300; i++) await inbox.AddAsync(db, Row($"evt_{i}", now), default);

        var handed = inbox.TakeHanded(db, 1000).Select(one => one.EventId).ToList();
        var due = await db.QueryAsync<string>("select event_id from provider_events where next_at <= @now and tries = 0", new { now }, default);
        handed.Count.ShouldBeInRange(1, 299);
        handed.Concat(due).Order().ShouldBe(Enumerable.Range(0, 300).Select(i => $"evt_{i}").Order());
    }

    [Fact]
    public async Task What_waited_too_long_for_this_node_is_left_to_its_lease()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var clock = new TestClock();
        var (db, inbox) = (await TestDatabases.NewTenantAsync(owner, "acme00"), new Inbox(clock));

        await inbox.AddAsync(db, Row("evt_1", clock.GetUtcNow()), default);
        clock.Move(TimeSpan.FromSeconds(20));

        inbox.TakeHanded(db, 10).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_for_a_node_that_stops_is_due_for_the_others()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var (db, inbox, now) = (await TestDatabases.NewTenantAsync(owner, "acme00"), new Inbox(new TestClock()), TestClock.Noon);

        await inbox.AddAsync(db, Row("evt_1", now), default);
        await inbox.StopAsync(default);

        inbox.TakeHanded(db, 10).ShouldBeEmpty();
        (await db.QueryAsync<string>("select event_id from provider_events where next_at <= @now and tries = 0", new { now }, default)).ShouldBe(["evt_1"]);
    }

    internal static Inbox.Row Row(string id, DateTimeOffset? dueAt) =>
        new("con", id, "payment", null, "{}", [1], dueAt ?? TestClock.Noon, dueAt, Outcome: null, new WebhookReading.AskAbout(id, "payment", "att_nobody", null));
}
