using System.Diagnostics;
using Dapper;
using Npgsql;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

public sealed class PoolTests
{
    private const int ConnectionsMax = 4;

    [Fact]
    public async Task More_tenants_than_connections_are_all_served_and_the_server_never_holds_more()
    {
        await using var node = await TestNode.StartAsync(ConnectionsMax);
        var databases = await NewTenantsAsync(node, 10);
        using var watching = new CancellationTokenSource();
        var most = WatchAsync(node, watching.Token);

        await Task.WhenAll(Enumerable.Range(0, 120).Select(i => databases[i % 10].QueryAsync<int>("select 1 from pg_sleep(0.02)", null, default)));

        node.Tenants.Open.Connections.ShouldBeLessThanOrEqualTo(ConnectionsMax);
        await watching.CancelAsync();
        // One that was told to go may be seen for a moment longer, while it goes.
        (await most).ShouldBeInRange(2, ConnectionsMax * 2);
    }

    [Fact]
    public async Task A_running_query_keeps_its_connection_however_many_others_want_one()
    {
        await using var node = await TestNode.StartAsync(connectionsMax: 2);
        var databases = await NewTenantsAsync(node, 6);

        await using var held = await HeldLock.TakeAsync(databases[0].Tenant.Database, node);
        var slow = databases[0].QueryAsync<string>(HeldLock.AskForIt, null, default);
        for (var round = 0; round < 5; round++)
        {
            foreach (var other in databases.Skip(1)) (await other.QueryAsync<int>("select 1", null, default)).ShouldBe([1]);
        }

        slow.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();
        (await slow).ShouldBe(["done"]);
        node.Tenants.Open.Connections.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_pool_that_rests_is_closed_and_whoever_kept_its_tenant_notices_nothing()
    {
        var clock = new TestClock();
        await using var node = await TestNode.StartAsync(time: clock);
        var databases = await NewTenantsAsync(node, 3);
        foreach (var db in databases) await db.QueryAsync<int>("select 1", null, default);
        node.Tenants.Open.Pools.ShouldBe(3);

        clock.Move(TimeSpan.FromMinutes(4));
        await databases[0].QueryAsync<int>("select 1", null, default);
        clock.Move(TimeSpan.FromMinutes(2));
        await databases[0].QueryAsync<int>("select 1", null, default);

        node.Tenants.Open.ShouldBe((1, 1));
        (await databases[2].QueryAsync<string>("select current_database()", null, default)).ShouldBe([databases[2].Tenant.Database]);
    }

    [Fact]
    public async Task What_a_burst_took_is_given_to_another_tenant_when_it_needs_it()
    {
        await using var node = await TestNode.StartAsync(ConnectionsMax);
        var databases = await NewTenantsAsync(node, 2);
        await Task.WhenAll(Enumerable.Range(0, ConnectionsMax).Select(_ => databases[0].QueryAsync<int>("select 1 from pg_sleep(0.1)", null, default)));

        // One of its four still runs, so the pool stays, and gives up the other three.
        await using var lockHeld = await HeldLock.TakeAsync(databases[0].Tenant.Database, node);
        var slow = databases[0].QueryAsync<string>(HeldLock.AskForIt, null, default);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => databases[1].QueryAsync<int>("select 1 from pg_sleep(0.1)", null, default)));

        node.Tenants.Open.ShouldBe((2, ConnectionsMax));
        await lockHeld.DisposeAsync();
        (await slow).ShouldBe(["done"]);
    }

    [Fact]
    public async Task One_tenants_crowd_waits_for_its_share_and_fails_nobody()
    {
        await using var node = await TestNode.StartAsync();
        var databases = await NewTenantsAsync(node, 2);

        var crowd = Enumerable.Range(0, 200).Select(_ => databases[0].QueryAsync<int>("select 1 from pg_sleep(0.3)", null, default)).ToList();
        var clock = Stopwatch.StartNew();
        await databases[1].QueryAsync<int>("select 1", null, default);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));

        (await Task.WhenAll(crowd)).Length.ShouldBe(200);
        (await databases[0].QueryAsync<int>("select count(*)::int from pg_stat_activity where datname = current_database()", null, default)).Single()
            .ShouldBeLessThanOrEqualTo(node.Server.TenantPoolMax);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_nothing_behind()
    {
        await using var node = await TestNode.StartAsync(connectionsMax: 1);
        var db = (await NewTenantsAsync(node, 1))[0];
        using var impatient = new CancellationTokenSource();

        var slow = db.QueryAsync<int>("select 1 from pg_sleep(0.5)", null, default);
        var waiting = Enumerable.Range(0, 10).Select(_ => db.QueryAsync<int>("select 1", null, impatient.Token)).ToList();
        await impatient.CancelAsync();

        foreach (var one in waiting) await Should.ThrowAsync<OperationCanceledException>(() => one);
        await slow;
        (await db.QueryAsync<int>("select 2", null, default)).ShouldBe([2]);
        node.Server.Busy.CurrentCount.ShouldBe(1);
    }

    private static async Task<List<TenantDb>> NewTenantsAsync(TestNode node, int count)
    {
        var databases = new List<TenantDb>();
        for (var i = 0; i < count; i++) databases.Add(await node.FindAsync(await node.NewTenantAsync($"t{i}")));
        return databases;
    }

    private static async Task<int> WatchAsync(TestNode node, CancellationToken until)
    {
        var most = 0;
        while (!until.IsCancellationRequested)
        {
            most = Math.Max(most, await node.AskAsync<int>(
                "select count(*)::int from pg_stat_activity where starts_with(datname, @Start)", new { Start = $"{node.Server.OwnerDatabase}_t_" }));
        }

        return most;
    }

    /// <summary>Keeps a query waiting for as long as a test wants, whatever the machine's speed.</summary>
    private sealed class HeldLock(NpgsqlConnection connection) : IAsyncDisposable
    {
        public const string AskForIt = "select 'done' from pg_advisory_xact_lock(77)";

        public static async Task<HeldLock> TakeAsync(string database, TestNode node)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(node.ConnectionString) { Database = database, Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await connection.ExecuteAsync("select pg_advisory_lock(77)");
            return new(connection);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
