using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tender.Server;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;
using Tender.Server.Webhooks.In;

namespace Tender.Tests.Server.Webhooks.In;

/// <summary>Rounds of a server that is built and not started: nothing else takes what waits.</summary>
public sealed class ApplyProviderEventsTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-events-");
    private OwnerDb owner = null!;
    private TenantDb db = null!;
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        owner = await TestDatabases.NewOwnerAsync();
        db = await TestDatabases.NewTenantAsync(owner, "acme00");
        var settings = await Settings.ReadAsync(new Dictionary<string, string> { ["TENDER_DATA"] = folder.FullName }, folder.FullName, default);
        app = TenderApp.Build(settings with { Database = await TestDatabases.ConnectionStringAsync(owner) });
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        owner.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task One_round_applies_all_that_was_handed_over_and_one_that_fails_gives_it_back()
    {
        var inbox = app.Services.GetRequiredService<Inbox>();
        var now = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => inbox.AddAsync(db, InboxTests.Row($"evt_{i}", now), default)));

        await db.ExecuteAsync("alter table attempts rename to away", null, default);
        await Should.ThrowAsync<PostgresException>(RunAsync);
        await db.ExecuteAsync("alter table away rename to attempts", null, default);
        await RunAsync();

        (await db.QuerySingleOrDefaultAsync<long>("select count(*) from provider_events where outcome = 'not_ours'", null, default)).ShouldBe(200);
    }

    [Theory]
    [InlineData(0, "1 waits, cases 0")]
    [InlineData(19, "20 failed, cases 1")]
    public async Task What_cannot_be_applied_is_put_off_and_in_the_end_shown_to_a_person(int tries, string then)
    {
        await db.ExecuteAsync("""
            insert into provider_events (connection_id, event_id, type, headers, body, received_at, tries, next_at) values ('con', 'evt_1', 'payment', '[]', '', now(), @tries, now())
            """, new { tries }, default);

        await RunAsync();

        (await db.QuerySingleOrDefaultAsync<string>("""
            select tries || case when next_at > now() then ' waits' else '' end || coalesce(' ' || outcome, '') || ', cases ' || (select count(*) from cases where kind = 'webhook_failed') from provider_events
            """, null, default)).ShouldBe(then);
    }

    private Task RunAsync() => app.Services.GetServices<ITenantWork>().OfType<ApplyProviderEvents>().Single().RunAsync(db, default);
}
