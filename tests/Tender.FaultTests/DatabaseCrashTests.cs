using System.Net;
using System.Net.Http.Json;

namespace Tender.FaultTests;

/// <summary>PostgreSQL crashes right after an answer: all that was answered is there when it has recovered, also what lies in another database.</summary>
public sealed class DatabaseCrashTests(ShopOnOwnServer shop) : IClassFixture<ShopOnOwnServer>
{
    [Fact]
    public async Task A_session_that_was_answered_is_there_with_its_locators()
    {
        for (var round = 0; round < 5; round++)
        {
            var session = await shop.CreateSessionAsync();
            await shop.CrashAsync();

            session.Status.ShouldBe(HttpStatusCode.Created);
            var opened = session;
            await Shop.UntilAsync("PostgreSQL has recovered", async () => (opened = await OpenAsync(session)).Status is not HttpStatusCode.ServiceUnavailable);
            (opened.Status, opened.Word("sessionId")).ShouldBe((HttpStatusCode.OK, session.Word("sessionId")));
        }

        await shop.PaidAsync();
    }

    private async Task<Answer> OpenAsync(Answer session) =>
        await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/checkout/embed", new { clientSecret = session.Word("clientSecret") }));
}
