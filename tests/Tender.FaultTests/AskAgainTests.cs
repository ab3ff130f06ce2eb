namespace Tender.FaultTests;

/// <summary>Attempts that are asked about, each for itself.</summary>
public sealed class AskAgainTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task One_that_can_never_be_recorded_comes_before_a_person_and_is_asked_about_no_less()
    {
        var broken = await shop.PaymentOfAsync(await shop.CreateSessionAsync());
        var db = await shop.TenantAsync();
        // It is read with its payment, and that cannot be read.
        await db.ExecuteAsync("update payments set metadata = '[]' where id = @broken", new { broken }, default);
        await db.ExecuteAsync("update attempts set status = 'unknown', asked = 49, ask_at = now() where payment_id = @broken", new { broken }, default);

        await Shop.UntilAsync("a person is told", async () =>
            await shop.ReadAsync<bool>("select exists (select 1 from cases where payment_id = @broken and kind = 'unsettled' and closed_at is null)", new { broken }), seconds: 20);

        // Every 8 seconds, as any whose end nobody knows.
        await Shop.UntilAsync("it is asked about again", async () => await shop.ReadAsync<int>("select asked from attempts where payment_id = @broken", new { broken }) > 50, seconds: 20);
    }
}
