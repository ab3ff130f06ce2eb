using System.Net;
using System.Net.Http.Json;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>The words by which a browser finds its session, and a provider's news their payment, lie in another database than those.</summary>
public sealed class LocatorTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_session_that_was_answered_is_found_by_its_client_secret_whenever_the_owners_database_failed()
    {
        var before = await shop.ReadAsync<long>("select count(*) from payments");
        await RenameAsync("locators", "locators_away");
        ((int)(await shop.CreateSessionAsync("no locator")).Status).ShouldBeGreaterThanOrEqualTo(500);
        await RenameAsync("locators_away", "locators");

        var session = await shop.CreateSessionAsync("no locator");

        session.Status.ShouldBe(HttpStatusCode.Created);
        var opened = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/checkout/embed", new { clientSecret = session.Word("clientSecret") }));
        opened.Status.ShouldBe(HttpStatusCode.OK);
        opened.Word("sessionId").ShouldBe(session.Word("sessionId"));
        (await shop.ReadAsync<long>("select count(*) from payments")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_dispute_at_the_platforms_address_that_names_only_the_providers_payment_finds_every_kind_of_payment()
    {
        await shop.ControlAsync("/stripe/webhook_endpoints", new { url = $"{shop.Demo.BaseUrl}/api/webhooks/stripe", secret = "whsec_faulttests" });
        var embedded = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/payments", new { amount = 2_000, currency = "usd", presentation = "embedded" }));
        var hosted = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/payments", new { amount = 3_000, currency = "usd", returnUrl = "https://shop.example/back" }));
        await shop.PayAsync(embedded);
        await shop.ControlAsync("/stripe/pay", new { session = await shop.ReadAsync<string>("select provider_payment_id from attempts where payment_id = @id", new { id = hosted.Word("id") }), card = "4242424242424242" });

        foreach (var payment in new[] { embedded.Word("id"), hosted.Word("id"), await shop.PaidAsync() })
        {
            await Shop.UntilAsync("the money is here", async () => await shop.ReadAsync<string>("select status from payments where id = @payment", new { payment }) is "succeeded");
            await shop.ControlAsync("/stripe/disputes", new { paymentIntent = await shop.ReadAsync<string>("select provider_payment_id from attempts where payment_id = @payment", new { payment }) });

            await Shop.UntilAsync("the platform's news of the dispute is applied", async () => await shop.ReadAsync<long>(
                "select count(*) from provider_events where connection_id = 'platform:stripe' and payment_id = @payment and type = 'charge.dispute.created' and outcome = 'applied'", new { payment }) is 1);
        }
    }

    private Task RenameAsync(string table, string name) => shop.Get<OwnerDb>().ExecuteAsync($"alter table {table} rename to {name}", null, CancellationToken.None);
}
