using Microsoft.Extensions.Logging.Abstractions;
using Tender.Server.Tenancy;
using Tender.Tests;
using Tender.Tests.Server;

namespace Tender.FaultTests;

/// <summary>What is kept for a time goes when that is over, and nothing else goes with it.</summary>
public sealed class RetentionTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_is_over_is_forgotten_and_what_counts_stays()
    {
        var payment = await shop.PaidAsync();
        await Shop.UntilAsync("its news are applied and its mail is written", async () =>
            await shop.ReadAsync<bool>("select not exists (select 1 from provider_events where next_at is not null) and exists (select 1 from messages where payment_id = @payment) and exists (select 1 from provider_events where applied_at is not null)", new { payment }));
        await (await shop.TenantAsync()).ExecuteAsync("""
            insert into provider_events (connection_id, event_id, type, headers, body, received_at, outcome, next_at) values
              ('con', 'evt_irrelevant', 'x', '{}', '', now(), 'irrelevant', null), ('con', 'evt_failed', 'x', '{}', '', now(), 'failed', null)
            """, null, default);
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        using var forget = new ForgetWhatIsOver(shop.Get<IEnumerable<KeptFor>>(), shop.Get<OwnerDb>(), shop.Get<TenantDatabases>(), clock, NullLogger<ForgetWhatIsOver>.Instance);
        var events = await CountAsync("provider_events");
        var messages = await CountAsync("messages");
        var locators = await LocatorsAsync();
        locators.ShouldBeGreaterThan(0);

        await AfterAsync(89);
        (await CountAsync("provider_events")).ShouldBe(events);
        await AfterAsync(2);
        (await shop.ReadAsync<string>("select string_agg(event_id, ' ') from provider_events")).ShouldBe("evt_failed");
        (await LocatorsAsync()).ShouldBe(locators);
        await AfterAsync(110);
        (await LocatorsAsync()).ShouldBe(0);

        await AfterAsync(198);
        (await CountAsync("messages where body like '%http%'")).ShouldBe(messages);
        await AfterAsync(2);
        (await CountAsync("messages where body = ''")).ShouldBe(messages);
        (await shop.ReadAsync<string>("select status from payments where id = @payment", new { payment })).ShouldBe("succeeded");
        (await CountAsync("events where evidence is not null")).ShouldBeGreaterThan(0);

        async Task AfterAsync(int days)
        {
            clock.Move(TimeSpan.FromDays(days));
            await forget.RunAsync(await shop.TenantAsync(), default);
            await forget.RunAsync(shop.Get<OwnerDb>(), default);
        }
    }

    [Fact]
    public async Task People_are_told_of_every_kind()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operating", "retention.md"));

        foreach (var rule in shop.Get<IEnumerable<KeptFor>>())
        {
            var line = page.Split('\n').Single(line => line.StartsWith($"| `{rule.What}`", StringComparison.Ordinal));
            line.ShouldContain(rule.IsOwners ? "| owner |" : "| tenant |");
            if (rule.For > TimeSpan.Zero) line.ShouldContain(rule.For.TotalDays > 1 ? $"{rule.For.TotalDays} days" : $"{rule.For.TotalHours} hours");
        }
    }

    private Task<long> CountAsync(string what) => shop.ReadAsync<long>($"select count(*) from {what}");

    private async Task<long> LocatorsAsync() => await shop.Get<OwnerDb>().QuerySingleOrDefaultAsync<long>("select count(*) from locators", null, default);
}
