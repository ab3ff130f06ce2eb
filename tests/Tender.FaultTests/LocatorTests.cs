using System.Net;
using System.Net.Http.Json;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>The word by which a browser finds its session lies in another database than the session.</summary>
public sealed class LocatorTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_session_that_was_answered_is_found_by_its_client_secret_whenever_the_owners_database_failed()
    {
        await RenameAsync("locators", "locators_away");
        ((int)(await shop.CreateSessionAsync("no locator")).Status).ShouldBeGreaterThanOrEqualTo(500);
        await RenameAsync("locators_away", "locators");

        var session = await shop.CreateSessionAsync("no locator");

        session.Status.ShouldBe(HttpStatusCode.Created);
        var opened = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/checkout/embed", new { clientSecret = session.Word("clientSecret") }));
        opened.Status.ShouldBe(HttpStatusCode.OK);
        opened.Word("sessionId").ShouldBe(session.Word("sessionId"));
        (await shop.ReadAsync<long>("select count(*) from payments")).ShouldBe(1);
    }

    private Task RenameAsync(string table, string name) => shop.Get<OwnerDb>().ExecuteAsync($"alter table {table} rename to {name}", null, CancellationToken.None);
}
