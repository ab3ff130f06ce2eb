using System.Net;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

/// <summary>What one node changes, the others know at once: well before what they remember runs out after seconds.</summary>
public sealed class TwoNodesTests(MembersApp app) : IClassFixture<MembersApp>
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_key_revoked_on_one_node_is_refused_by_the_other()
    {
        await using var elsewhere = await app.StartNodeAsync();
        await ListensAsync(elsewhere);
        var key = await app.NewKeyAsync(app.Acme);
        (await MembersApp.SendAsync(elsewhere.Http, "/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, key.Id, "usr_1", default);

        await SoonAsync(async () => (await MembersApp.SendAsync(elsewhere.Http, "/test/key", key.Key)).StatusCode is HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_tenant_suspended_by_hand_in_the_database_is_closed_on_every_node()
    {
        await using var elsewhere = await app.StartNodeAsync();
        await ListensAsync(elsewhere);
        var tenant = await app.Get<CreateTenant>().RunAsync("suspended", "Suspended", "usd", "pro", default);
        var key = await app.NewKeyAsync(tenant);
        foreach (var http in new[] { app.Http, elsewhere.Http }) (await MembersApp.SendAsync(http, "/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await app.Get<OwnerDb>().ExecuteAsync("update tenants set state = 'suspended' where code = @Code", new { tenant.Code }, default);

        foreach (var http in new[] { app.Http, elsewhere.Http })
            await SoonAsync(async () => (await MembersApp.SendAsync(http, "/test/key", key.Key)).StatusCode is HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_listener_whose_connection_was_cut_comes_back_and_forgets_what_it_may_have_missed()
    {
        await using var elsewhere = await app.StartNodeAsync();
        await ListensAsync(elsewhere);
        var key = await app.NewKeyAsync(app.Acme);
        (await MembersApp.SendAsync(elsewhere.Http, "/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await CutListenersAsync()).ShouldBeGreaterThan(0);
        await app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, key.Id, "usr_1", default);
        await SoonAsync(async () => (await MembersApp.SendAsync(elsewhere.Http, "/test/key", key.Key)).StatusCode is HttpStatusCode.Unauthorized);

        var another = await app.NewKeyAsync(app.Acme);
        await SoonAsync(async () => await ListenersAsync() >= 2);
        (await MembersApp.SendAsync(elsewhere.Http, "/test/key", another.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, another.Id, "usr_1", default);
        await SoonAsync(async () => (await MembersApp.SendAsync(elsewhere.Http, "/test/key", another.Key)).StatusCode is HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Requests_that_race_a_revocation_are_served_before_it_or_refused_after_it()
    {
        var key = await app.NewKeyAsync(app.Acme);
        using var over = new CancellationTokenSource();
        var after = 0;
        var crowd = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!over.IsCancellationRequested)
            {
                var revoked = Volatile.Read(ref after) is 1;
                var status = (await app.SendAsync("/test/key", key.Key)).StatusCode;
                if (revoked) status.ShouldBe(HttpStatusCode.Unauthorized);
            }
        }).ToList();

        await Task.Delay(200);
        await app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, key.Id, "usr_1", default);
        Volatile.Write(ref after, 1);
        await Task.Delay(300);
        await over.CancelAsync();

        await Task.WhenAll(crowd);
    }

    private async Task ListensAsync(RunningTender node)
    {
        await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<OwnerNotices>(node.App.Services).Listening;
        await app.Get<OwnerNotices>().Listening;
    }

    private Task<int> CutListenersAsync() => app.Get<OwnerDb>().QuerySingleOrDefaultAsync<int>("""
        select count(pg_terminate_backend(pid))::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen tender_notices%'
        """, null, default);

    private Task<int> ListenersAsync() => app.Get<OwnerDb>().QuerySingleOrDefaultAsync<int>("""
        select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen tender_notices%'
        """, null, default);

    private static async Task SoonAsync(Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(AtOnce);
            await Task.Delay(20);
        }
    }
}
