namespace Tender.FaultTests;

/// <summary>Payments whose time is up are closed, each for itself.</summary>
public sealed class ExpiryTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task One_that_cannot_be_closed_keeps_none_of_the_others_open()
    {
        var broken = (await shop.CreateSessionAsync()).Word("sessionId");
        var other = (await shop.CreateSessionAsync()).Word("sessionId");
        var db = await shop.TenantAsync();
        await db.ExecuteAsync("update payments set metadata = '[]', expires_at = now() - interval '2 minutes' where purpose_id = @broken", new { broken }, default);
        await db.ExecuteAsync("update payments set expires_at = now() - interval '1 minute' where purpose_id = @other", new { other }, default);

        await Shop.UntilAsync("the other one is closed", async () => await shop.ReadAsync<string>("select status from payments where purpose_id = @other", new { other }) is not "awaiting_payer", seconds: 20);
        (await shop.ReadAsync<string>("select status from payments where purpose_id = @other", new { other })).ShouldBe("expired");
        (await shop.ReadAsync<string>("select status from payments where purpose_id = @broken", new { broken })).ShouldBe("awaiting_payer");
    }
}
