using Microsoft.Extensions.Logging;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

public sealed class OpenDatabasesTests
{
    [Fact]
    public async Task Nodes_that_start_at_once_on_a_fresh_server_make_one_owner_database()
    {
        var address = await TestNode.NewAddressAsync();
        var nodes = Enumerable.Range(0, 4).Select(_ => TestNode.At(address)).ToList();

        await Task.WhenAll(nodes.Select(node => node.Databases.RunAsync(default)));

        (await nodes[0].Owner.QueryAsync<int>("select count(*)::int from schema_migrations", null, default)).ShouldBe([Migrator.Owner.Count]);
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Theory]
    [InlineData("update schema_migrations set checksum = 'another'")]
    [InlineData("delete from schema_migrations")]
    public async Task A_tenant_that_cannot_be_migrated_is_named_and_stops_no_other(string damage)
    {
        await using var node = await TestNode.StartAsync();
        var (good, bad, last) = (await node.NewTenantAsync("good"), await node.NewTenantAsync("bad"), await node.NewTenantAsync("last"));
        await node.Owner.ExecuteAsync("update tenants set schema_version = 0", null, default);
        await node.AskAsync<int>(damage, database: bad.Database);

        await using var next = TestNode.At(node.ConnectionString);
        await next.Databases.RunAsync(default);

        (await next.Databases.MigrateTenantsAsync(default)).ShouldBe(["bad"]);
        (await next.Owner.QueryAsync<string>("select slug from tenants where schema_version = @TenantVersion order by slug", new { Migrator.TenantVersion }, default)).ShouldBe(["good", "last"]);
        foreach (var served in new[] { good, bad, last }) (await (await next.FindAsync(served)).QueryAsync<int>("select 1", null, default)).ShouldBe([1]);
    }

    [Fact]
    public async Task A_half_made_tenant_that_cannot_be_finished_does_not_keep_the_server_from_starting()
    {
        await using var node = await TestNode.StartAsync();
        var (good, bad) = (await node.NewTenantAsync("good"), await node.NewTenantAsync("bad"));
        await node.AskAsync<int>("drop table seller cascade", database: bad.Database);
        await node.Owner.ExecuteAsync("update tenants set state = 'creating' where slug = 'bad'", null, default);

        using var log = new TestLog();
        using var logs = LoggerFactory.Create(building => building.AddProvider(log));
        await using var next = TestNode.At(node.ConnectionString, log: logs.CreateLogger<OpenDatabases>());
        await next.Databases.RunAsync(default);

        (await next.Tenants.FindAsync(good.Code, default)).ShouldNotBeNull();
        (await next.Tenants.FindAsync(bad.Code, default)).ShouldBeNull();
        log.Lines.ShouldContain(line => line.Contains("bad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_migration_is_applied_whole_or_not_at_all_and_the_next_run_goes_on()
    {
        await using var node = await TestNode.StartAsync();
        var migrator = new Migrator(TimeProvider.System);
        Migration One(string sql) => new(9001, "9001_one.sql", sql, sql);

        await Should.ThrowAsync<Npgsql.PostgresException>(() => migrator.RunAsync(node.Owner.Source, [One("create table half (id int); select 1/0")], default));
        (await node.Owner.QueryAsync<string?>("select to_regclass('half')::text", null, default)).ShouldBe([null]);

        (await migrator.RunAsync(node.Owner.Source, [One("create table half (id int)")], default)).ShouldBe(1);
        (await migrator.RunAsync(node.Owner.Source, [One("create table half (id int)")], default)).ShouldBe(0);
        var changed = await Should.ThrowAsync<CannotStartException>(() => migrator.RunAsync(node.Owner.Source, [One("create table other (id int)")], default));
        changed.Message.ShouldContain("9001_one.sql");
    }
}
