using Microsoft.Extensions.Logging;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

public sealed class ForgetWhatIsOverTests
{
    private const string Round = "insert into rounds default values";

    [Fact]
    public async Task A_kind_that_fails_holds_up_none_of_the_others()
    {
        await using var node = await TestNode.StartAsync();
        await node.Owner.ExecuteAsync("create table rounds (id int generated always as identity)", null, default);
        var log = new TestLog();
        using var forget = Forget(node, TimeProvider.System, log, new("broken_ones", TimeSpan.Zero, "select 1 / 0", IsOwners: true), new("rounds", TimeSpan.Zero, Round, IsOwners: true));

        await forget.RunAsync(node.Owner, default);

        (await RoundsAsync(node)).ShouldBe(1);
        log.Lines.ShouldHaveSingleItem().ShouldContain("broken_ones");
    }

    [Fact]
    public async Task The_first_round_comes_some_minutes_after_the_start_and_the_others_hourly()
    {
        var clock = new TimerClock();
        await using var node = await TestNode.StartAsync();
        await node.Owner.ExecuteAsync("create table rounds (id int generated always as identity)", null, default);
        using var forget = Forget(node, clock, new TestLog(), new KeptFor("rounds", TimeSpan.Zero, Round, IsOwners: true));
        await forget.StartAsync(default);
        (await clock.TimerAsync()).Period.ShouldBeInRange(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));

        for (var rounds = 1; rounds <= 3; rounds++)
        {
            (await clock.TimerAsync()).Fire();
            await UntilAsync(async () => await RoundsAsync(node) == rounds);
            (await clock.TimerAsync()).Period.ShouldBe(TimeSpan.FromHours(1));
        }

        await forget.StopAsync(default);
    }

    private static ForgetWhatIsOver Forget(TestNode node, TimeProvider time, TestLog log, params KeptFor[] rules) =>
        new(rules, node.Owner, node.Tenants, time, new Logger<ForgetWhatIsOver>(new LoggerFactory([log])));

    private static Task<int> RoundsAsync(TestNode node) => node.Owner.QuerySingleOrDefaultAsync<int>("select count(*)::int from rounds", null, default);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 200 && !await isSo(); i++) await Task.Delay(50);
        (await isSo()).ShouldBeTrue();
    }

    /// <summary>Its one timer fires when a test says so.</summary>
    private sealed class TimerClock : TimeProvider
    {
        private readonly TaskCompletionSource<TestTimer> made = new();

        public Task<TestTimer> TimerAsync() => made.Task.WaitAsync(TimeSpan.FromSeconds(10));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new TestTimer(() => callback(state)) { Period = period };
            made.TrySetResult(timer);
            return timer;
        }
    }

    private sealed class TestTimer(Action fire) : ITimer
    {
        public TimeSpan Period { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            return true;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public void Dispose()
        {
        }
    }
}
