using System.Net;

namespace Tender.FaultTests;

/// <summary>The database's files can grow no more: nothing is promised that is not on disk, and all goes on when there is room again.</summary>
public sealed class DiskFullTests(ShopOnOwnServer shop) : IClassFixture<ShopOnOwnServer>
{
    // More than the write-ahead log's files, so that tables are what cannot grow.
    private const long TableBytesMin = 17_000_000;

    [Fact]
    public async Task No_success_is_answered_that_is_not_on_disk()
    {
        await (await shop.TenantAsync()).ExecuteAsync("""
            insert into payments (id, mode, amount_minor, currency, status, purpose, presentation, description, created_at, expires_at)
            select 'pay_' || n, 'test', 1, 'usd', 'expired', 'filler', 'hosted', repeat('x', 1000), now(), now() from generate_series(1, 17000) n
            """, null, CancellationToken.None);
        var bytes = await shop.ReadAsync<long>("select pg_relation_size('payments')");
        bytes.ShouldBeGreaterThan(TableBytesMin);

        await shop.LimitFilesAsync(bytes);
        var answers = new List<Answer>();
        for (var i = 0; i < 60; i++) answers.Add(await shop.CreateSessionAsync($"full {i}"));

        var refused = answers.Where(a => a.Status is not HttpStatusCode.Created).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(a => (int)a.Status >= 500);
        var promised = answers.Where(a => a.Status is HttpStatusCode.Created).Select(a => a.Word("sessionId")).ToList();
        (await shop.ReadAsync<long>("select count(*) from checkout_sessions where id = any(@promised)", new { promised })).ShouldBe(promised.Count);

        await shop.LimitFilesAsync(null);
        for (var i = 0; i < 60; i++)
        {
            var key = $"full {i}";
            // One whose lock could not be taken away on the full disk waits for its end.
            await Shop.UntilAsync($"{key} goes on", async () => (await shop.CreateSessionAsync(key)).Status is HttpStatusCode.Created);
        }

        (await shop.ReadAsync<long>("select count(*) from checkout_sessions")).ShouldBe(60);
        await shop.PaidAsync();
    }
}
