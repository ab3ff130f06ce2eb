using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

public sealed class CreateTenantTests
{
    [Fact]
    public async Task A_new_tenant_has_a_database_of_its_own_and_says_who_sells()
    {
        await using var node = await TestNode.StartAsync();

        var tenant = await node.NewTenantAsync("acme");

        tenant.State.ShouldBe("ready");
        var db = await node.FindAsync(tenant);
        (await db.QueryAsync<string>("select current_database()", null, default)).ShouldBe([node.Server.TenantDatabase(tenant.Code)]);
        (await db.QueryAsync<string>("select name from seller", null, default)).ShouldBe(["Tenant acme"]);
        (await db.QueryAsync<int>("select max(number) from schema_migrations", null, default)).ShouldBe([Migrator.TenantVersion]);
    }

    [Fact]
    public async Task It_is_found_at_once_though_it_was_asked_for_before_it_was_there()
    {
        await using var node = await TestNode.StartAsync();
        var first = await node.NewTenantAsync("first");
        await node.Owner.ExecuteAsync("update tenants set state = 'creating'", null, default);
        node.Tenants.Changed(first.Code);
        (await node.Tenants.FindAsync(first.Code, default)).ShouldBeNull();

        await node.NewTenantAsync("first");

        (await node.Tenants.FindAsync(first.Code, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_many_who_make_the_same_one_at_once_all_get_the_same()
    {
        await using var node = await TestNode.StartAsync();
        await using var other = TestNode.At(node.ConnectionString);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 is 0 ? node : other).NewTenantAsync("acme")));

        made.Select(tenant => tenant.Code).Distinct().Count().ShouldBe(1);
        (await node.DatabasesOfTenantsAsync()).ShouldBe(1);
        (await (await node.FindAsync(made[0])).QueryAsync<int>("select count(*)::int from seller", null, default)).ShouldBe([1]);
    }

    [Fact]
    public async Task Cut_off_before_its_database_the_next_start_finishes_it()
    {
        await using var node = await TestNode.StartAsync();
        await node.Owner.ExecuteAsync("insert into tenants (code, slug, name, currency, database) values ('acme00', 'acme', 'Tenant acme', 'usd', @Database)",
            new { Database = node.Server.TenantDatabase("acme00") }, default);
        (await node.Tenants.FindAsync("acme00", default)).ShouldBeNull();

        await node.Databases.RunAsync(default);

        await ShouldBeWholeAsync(node, "acme00");
    }

    [Fact]
    public async Task Cut_off_after_its_database_the_next_start_finishes_it()
    {
        await using var node = await TestNode.StartAsync();
        var tenant = await node.NewTenantAsync("acme");
        await node.Owner.ExecuteAsync("update tenants set state = 'creating', schema_version = 0", null, default);
        await node.AskAsync<int>("delete from seller", database: tenant.Database);

        await using var next = TestNode.At(node.ConnectionString);
        await next.Databases.RunAsync(default);

        await ShouldBeWholeAsync(next, tenant.Code);
    }

    [Fact]
    public async Task Called_off_at_any_moment_the_same_call_goes_on()
    {
        await using var node = await TestNode.StartAsync();
        var calledOff = 0;
        for (var round = 0; round < 12; round++)
        {
            var slug = $"t{round}";
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(5 + (round * 12)));
            try
            {
                await node.Create.RunAsync(slug, slug, "usd", "pro", soon.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or Npgsql.NpgsqlException)
            {
                calledOff++;
            }

            var tenant = await node.NewTenantAsync(slug);
            tenant.State.ShouldBe("ready");
            (await (await node.FindAsync(tenant)).QueryAsync<int>("select count(*)::int from seller", null, default)).ShouldBe([1]);
        }

        calledOff.ShouldBeGreaterThan(0);
        (await node.DatabasesOfTenantsAsync()).ShouldBe(12);
        (await node.Tenants.AllAsync(default)).Count.ShouldBe(12);
    }

    [Fact]
    public async Task One_begun_before_an_upgrade_is_brought_up_to_date_when_it_is_finished()
    {
        await using var node = await TestNode.StartAsync();
        var tenant = await node.NewTenantAsync("acme");
        await node.Tenants.DisposeAsync();
        await node.Owner.ExecuteAsync("update tenants set state = 'creating', schema_version = 0", null, default);
        // As if it had been copied when there were no migrations yet.
        await node.AskAsync<int>("drop schema public cascade; create schema public", database: tenant.Database);

        await using var next = TestNode.At(node.ConnectionString);
        await next.NewTenantAsync("acme");

        (await (await next.FindAsync(tenant)).QueryAsync<int>("select max(number) from schema_migrations", null, default)).ShouldBe([Migrator.TenantVersion]);
    }

    private static async Task ShouldBeWholeAsync(TestNode node, string code)
    {
        var db = (await node.Tenants.FindAsync(code, default)).ShouldNotBeNull();
        (await db.QueryAsync<string>("select name from seller", null, default)).ShouldBe(["Tenant acme"]);
        (await db.QueryAsync<int>("select max(number) from schema_migrations", null, default)).ShouldBe([Migrator.TenantVersion]);
    }
}
