using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tender.Server.Events;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Events;

public sealed class DeliverEventsTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TenantDb db = null!;

    public async Task InitializeAsync() => db = await TestDatabases.NewTenantAsync(await TestDatabases.NewOwnerAsync(), "acme00");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_event_is_handed_once_to_each_consumer_it_names()
    {
        await AppendAsync("payment.succeeded", "mail", "webhooks");
        await AppendAsync("payment.awaiting_payer");
        var consumer = new TestConsumer();

        (await DeliverAsync(consumer)).ShouldBeNull();
        await DeliverAsync(consumer);

        var handled = consumer.Handled.ShouldHaveSingleItem();
        (handled.Type, handled.Subject, handled.Tries, handled.Payload).ShouldBe(("payment.succeeded", "pay_1", 1, """{"a": 1}"""));
        (await StateAsync("webhooks")).State.ShouldBe("waiting");
        (await db.QuerySingleOrDefaultAsync<int>("select count(*)::int from events", null, default)).ShouldBe(2);
    }

    [Fact]
    public async Task What_waits_is_all_delivered_and_nothing_is_due_then()
    {
        for (var i = 0; i < 20; i++) await AppendAsync("payment.succeeded", "mail");
        var consumer = new TestConsumer();

        (await DeliverAsync(consumer)).ShouldBeNull();

        consumer.Handled.Count.ShouldBe(20);
    }

    [Fact]
    public async Task What_was_undone_is_delivered_to_nobody()
    {
        var batch = new Batch();
        Append(batch, "payment.succeeded", "mail");
        batch.Add("select 1 / 0");
        await Should.ThrowAsync<PostgresException>(() => db.WriteAsync(batch, default));

        var consumer = new TestConsumer();
        await DeliverAsync(consumer);

        consumer.Handled.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failure_is_tried_again_ever_later_and_in_the_end_a_person_is_told()
    {
        await AppendAsync("payment.succeeded", "mail");
        var consumer = new TestConsumer((_, _) => throw new InvalidOperationException("the mail server said no"));

        var waits = new List<TimeSpan>();
        while (await DeliverAsync(consumer) is { } due)
        {
            waits.Add(due - clock.GetUtcNow());
            (await DeliverAsync(consumer)).ShouldBe(due, "nothing is tried before its time");
            clock.Move(waits[^1]);
        }

        waits.ShouldBe(waits.Order());
        waits[0].ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.4));
        waits.Aggregate((sum, wait) => sum + wait).ShouldBeInRange(TimeSpan.FromDays(2), TimeSpan.FromDays(4));
        consumer.Handled.Count.ShouldBe(waits.Count + 1);
        var state = await StateAsync("mail");
        (state.State, state.LastError).ShouldBe(("gave_up", "the mail server said no"));
        (await db.QuerySingleOrDefaultAsync<string>("select kind from cases where closed_at is null", null, default)).ShouldBe("mail_gave_up");
    }

    [Fact]
    public async Task What_can_never_work_goes_to_a_person_at_once()
    {
        await AppendAsync("payment.succeeded", "mail");

        await DeliverAsync(new TestConsumer((_, _) => Task.FromResult<DeliveryResult>(new DeliveryResult.GiveUp("no such address"))));

        (await StateAsync("mail")).State.ShouldBe("gave_up");
        (await db.QuerySingleOrDefaultAsync<string>("select detail from cases", null, default))!.ShouldContain("no such address");
    }

    [Fact]
    public async Task Nodes_side_by_side_hand_out_each_delivery_once()
    {
        for (var i = 0; i < 40; i++) await AppendAsync("payment.succeeded", "mail");
        var consumer = new TestConsumer(async (_, cancellation) =>
        {
            await Task.Delay(5, cancellation);
            return new DeliveryResult.Done();
        });

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DeliverAsync(consumer)));

        consumer.Handled.Select(d => d.DeliveryId).Distinct().Count().ShouldBe(40);
        consumer.Handled.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Another_node_takes_over_what_a_dead_one_had_leased_and_only_the_holder_decides()
    {
        await AppendAsync("payment.succeeded", "mail");
        var stuck = new TaskCompletionSource<DeliveryResult>();
        var slow = new TestConsumer((_, _) => stuck.Task);
        var first = DeliverAsync(slow);
        while (slow.Handled.IsEmpty) await Task.Delay(5);
        var second = new TestConsumer();

        await DeliverAsync(second);
        second.Handled.ShouldBeEmpty("it is leased");
        clock.Move(TimeSpan.FromSeconds(31));
        await DeliverAsync(second);
        second.Handled.ShouldHaveSingleItem().Tries.ShouldBe(2);

        stuck.SetResult(new DeliveryResult.GiveUp("too late to say"));
        await first;
        (await StateAsync("mail")).State.ShouldBe("done");
        (await db.QuerySingleOrDefaultAsync<int>("select count(*)::int from cases", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_stopping_server_leaves_its_work_to_be_done_again()
    {
        await AppendAsync("payment.succeeded", "mail");
        using var stop = new CancellationTokenSource();
        var hangs = new TestConsumer(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return new DeliveryResult.Done();
        });
        var run = DeliverAsync(hangs, stop.Token);
        while (hangs.Handled.IsEmpty) await Task.Delay(5);

        await stop.CancelAsync();
        await run;

        (await StateAsync("mail")).State.ShouldBe("waiting");
        clock.Move(TimeSpan.FromSeconds(3));
        var next = new TestConsumer();
        await DeliverAsync(next);
        next.Handled.ShouldHaveSingleItem();
    }

    private Task<DateTimeOffset?> DeliverAsync(TestConsumer consumer, CancellationToken cancellation = default) =>
        new DeliverEvents(consumer, new(clock), clock, NullLogger<DeliverEvents>.Instance).RunAsync(db, cancellation);

    private Task AppendAsync(string type, params string[] consumers)
    {
        var batch = new Batch();
        Append(batch, type, consumers);
        return db.WriteAsync(batch, default);
    }

    private void Append(Batch batch, string type, params string[] consumers) =>
        new EventLog().Append(batch, type, "pay_1", null, clock.GetUtcNow(), """{"a":1}""", null, consumers);

    private async Task<DeliveryState> StateAsync(string consumer) =>
        (await db.QuerySingleOrDefaultAsync<DeliveryState>("select state, last_error from deliveries where consumer = @consumer", new { consumer }, default))!;

    private sealed record DeliveryState(string State, string? LastError);
}
