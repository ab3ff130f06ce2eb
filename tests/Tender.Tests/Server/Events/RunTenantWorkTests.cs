using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Tender.Server.Events;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Events;

/// <summary>The worker's clock stands still but where a test moves it: nothing here runs because time went by, and a signal that is missed stays missed.</summary>
public sealed class RunTenantWorkTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private OwnerDb owner = null!;
    private TenantDatabases tenants = null!;

    public async Task InitializeAsync()
    {
        owner = await TestDatabases.NewOwnerAsync();
        foreach (var code in new[] { "acme00", "beta00" }) await TestDatabases.NewTenantAsync(owner, code);
        tenants = new(owner, new DatabaseServer((await TestDatabases.ServerAsync()).ConnectionString), new(), TimeProvider.System);
    }

    public async Task DisposeAsync() => await tenants.DisposeAsync();

    [Fact]
    public async Task Every_tenant_is_looked_at_after_the_start_and_again_from_time_to_time()
    {
        var work = new TestWork((_, _) => null);
        await using var running = await StartAsync(new WorkSignal(), work);

        await work.HasRunAsync("acme00", times: 1);
        await work.HasRunAsync("beta00", times: 1);
        clock.Move(TimeSpan.FromSeconds(10));
        await work.HasRunAsync("acme00", times: 2);
        await work.HasRunAsync("beta00", times: 2);
    }

    [Fact]
    public async Task A_signal_is_answered_at_once_even_when_it_comes_during_a_run()
    {
        var signal = new WorkSignal();
        var gate = new SemaphoreSlim(0);
        var work = new TestWork((code, run) =>
        {
            if (code is "acme00" && run is 1) gate.Wait();
            return null;
        });
        await using var running = await StartAsync(signal, work);
        await work.HasRunAsync("acme00", times: 1);

        signal.Raise("acme00", WorkKind.Attempts, clock.GetUtcNow());
        gate.Release();
        await work.HasRunAsync("acme00", times: 2);
        signal.Raise("acme00", WorkKind.Attempts, clock.GetUtcNow());
        await work.HasRunAsync("acme00", times: 3);
    }

    [Fact]
    public async Task Work_that_may_overlap_is_begun_again_while_it_runs_and_no_more_often_than_it_may()
    {
        var signal = new WorkSignal();
        var gate = new SemaphoreSlim(0);
        var work = new TestWork((code, _) =>
        {
            if (code is "acme00") gate.Wait();
            return null;
        })
        {
            RoundsAtOnce = 2,
        };
        await using var running = await StartAsync(signal, work);
        await work.HasRunAsync("acme00", times: 1);

        signal.Raise("acme00", WorkKind.Attempts, clock.GetUtcNow());
        await work.HasRunAsync("acme00", times: 2);
        signal.Raise("acme00", WorkKind.Attempts, clock.GetUtcNow());
        await work.HasRunAsync("beta00", times: 1);
        work.Runs("acme00").ShouldBe(2);

        gate.Release();
        await work.HasRunAsync("acme00", times: 3);
        gate.Release(100);
    }

    [Fact]
    public async Task A_signal_of_other_work_and_one_for_later_start_nothing_now()
    {
        var signal = new WorkSignal();
        var (asked, other) = (new TestWork((_, _) => null), new TestWork((_, _) => null) { Work = WorkKind.Refunds });
        await using var running = await StartAsync(signal, asked, other);
        await asked.HasRunAsync("acme00", times: 1);
        await other.HasRunAsync("acme00", times: 1);

        for (var i = 2; i <= 6; i++)
        {
            signal.Raise("acme00", WorkKind.Refunds, clock.GetUtcNow().AddHours(1));
            signal.Raise("acme00", WorkKind.Attempts, clock.GetUtcNow());
            await asked.HasRunAsync("acme00", times: i);
        }

        other.Runs("acme00").ShouldBeLessThan(asked.Runs("acme00"));
    }

    [Fact]
    public async Task Work_comes_back_when_it_says_it_is_due()
    {
        var work = new TestWork((_, run) => run is 1 ? clock.GetUtcNow().AddMilliseconds(300) : null);
        await using var running = await StartAsync(new WorkSignal(), work);
        await work.HasRunAsync("acme00", times: 1);

        clock.Move(TimeSpan.FromMilliseconds(300));
        await work.HasRunAsync("acme00", times: 2);
    }

    [Fact]
    public async Task A_tenant_in_trouble_and_work_that_hangs_hold_up_nobody_else()
    {
        var signal = new WorkSignal();
        var broken = new TestWork((code, _) => code is "acme00" ? throw new InvalidOperationException("its database is away") : null);
        var hanging = new TestWork((_, _) => null) { Hangs = true };
        await using var running = await StartAsync(signal, hanging, broken);
        await broken.HasRunAsync("acme00", times: 1);
        await broken.HasRunAsync("beta00", times: 1);

        signal.Raise("beta00", WorkKind.Attempts, clock.GetUtcNow());
        await broken.HasRunAsync("beta00", times: 2);
        clock.Move(TimeSpan.FromSeconds(3));
        await broken.HasRunAsync("acme00", times: 2);
    }

    [Fact]
    public async Task A_new_tenant_is_taken_in_by_its_first_signal()
    {
        var signal = new WorkSignal();
        var work = new TestWork((_, _) => null);
        await using var running = await StartAsync(signal, work);
        await work.HasRunAsync("acme00", times: 1);

        await TestDatabases.NewTenantAsync(owner, "gamma0");
        signal.Raise("gamma0", WorkKind.Attempts, clock.GetUtcNow());

        await work.HasRunAsync("gamma0", times: 1);
    }

    [Fact]
    public async Task A_tenant_whose_first_signal_is_for_later_is_looked_at_now_all_the_same()
    {
        var signal = new WorkSignal();
        var work = new TestWork((_, _) => null);
        await using var running = await StartAsync(signal, work);
        await work.HasRunAsync("acme00", times: 1);

        await TestDatabases.NewTenantAsync(owner, "delta0");
        signal.Raise("delta0", WorkKind.Attempts, clock.GetUtcNow().AddHours(2));

        await work.HasRunAsync("delta0", times: 1);
    }

    [Fact]
    public async Task Other_nodes_hear_which_tenants_have_work_and_a_node_does_not_hear_itself()
    {
        var (here, there) = (new WorkSignal(), new WorkSignal());
        var (heardHere, heardThere) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        here.Listen((_, _, _) => { }, heardHere.Enqueue);
        there.Listen((_, _, _) => { }, heardThere.Enqueue);
        using var a = new TellOtherNodes(owner, here, TimeProvider.System, NullLogger<TellOtherNodes>.Instance);
        using var b = new TellOtherNodes(owner, there, TimeProvider.System, NullLogger<TellOtherNodes>.Instance);
        await a.StartAsync(default);
        await b.StartAsync(default);

        for (var i = 0; heardThere.IsEmpty && i < 100; i++)
        {
            here.Raise("acme00", WorkKind.Attempts, clock.GetUtcNow());
            await Task.Delay(100);
        }

        heardThere.TryPeek(out var code).ShouldBeTrue();
        code.ShouldBe("acme00");
        heardHere.ShouldBeEmpty();
        await a.StopAsync(default);
        await b.StopAsync(default);
    }

    private async Task<Running> StartAsync(WorkSignal signal, params ITenantWork[] works)
    {
        var worker = new RunTenantWork(works, tenants, signal, clock, NullLogger<RunTenantWork>.Instance);
        await worker.StartAsync(default);
        return new(worker);
    }

    private sealed class Running(RunTenantWork worker) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await worker.StopAsync(default);
            worker.Dispose();
        }
    }

    private sealed class TestWork(Func<string, int, DateTimeOffset?> act) : ITenantWork
    {
        private readonly ConcurrentDictionary<string, int> runs = new();

        public bool Hangs { get; init; }

        public Work Work { get; init; } = WorkKind.Attempts;

        public int RoundsAtOnce { get; init; } = 1;

        public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
        {
            var run = runs.AddOrUpdate(db.Tenant.Code, 1, (_, so) => so + 1);
            if (Hangs) await Task.Delay(Timeout.Infinite, cancellation);
            return act(db.Tenant.Code, run);
        }

        public int Runs(string code) => runs.GetValueOrDefault(code);

        public async Task HasRunAsync(string code, int times)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (runs.GetValueOrDefault(code) < times)
            {
                limit.IsCancellationRequested.ShouldBeFalse($"{code} ran {runs.GetValueOrDefault(code)} times");
                await Task.Delay(10);
            }
        }
    }
}
