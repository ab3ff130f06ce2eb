using System.Net.Http.Json;
using System.Text.Json;
using Tender.FaultTests;
using Tender.JourneyTests.Checkout;

namespace Tender.JourneyTests.PaidAccess;

/// <summary>However the provider's webhooks come, a user who pays in a real browser gets one order and one key, and sees it once.</summary>
[Collection(nameof(OneAccessSite))]
public sealed class RoughWebhooksTests(HostedSite site) : IAsyncLifetime
{
    private const string Completed = "checkout.session.completed";
    private const string Succeeded = "payment_intent.succeeded";

    private readonly HttpClient control = new() { BaseAddress = new($"{site.Tender.SimulatorUrl}/_control/stripe/") };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        control.Dispose();
        await site.Tender.EndFaultsAsync();
    }

    [Fact]
    public async Task They_come_twice_each()
    {
        var browser = await AccessBrowser.OpenAsync(site, "twice");
        await site.Tender.FaultAsync("twice", new { }, times: 0);

        await browser.PayWithoutReturnAsync();
        await browser.User.PaidAsync();
        await browser.ReturnAsync();

        await browser.SeeKeyOnceAsync();
        await DeliveredAsync(browser.User, times: 2);
        (await browser.User.FirstToSayAsync()).ShouldBe("webhook");
        await browser.User.HasOneOfEachAsync();
    }

    [Theory]
    [InlineData(Succeeded, Completed)]
    [InlineData(Completed, Succeeded)]
    public async Task They_come_in_any_order(string first, string second)
    {
        var browser = await AccessBrowser.OpenAsync(site, $"{first} first");
        await site.Tender.FaultAsync("hold", new { }, times: 0);
        await browser.PayWithoutReturnAsync();
        (await browser.User.StatusAsync()).ShouldBe("pending");

        await ReleaseAsync(first);
        await browser.User.PaidAsync();
        (await browser.User.FirstToSayAsync()).ShouldBe("webhook");
        await ReleaseAsync(second);
        await AppliedAsync(browser.User, second);
        await browser.ReturnAsync();

        await browser.SeeKeyOnceAsync();
        await ReleaseAsync();
        await DeliveredAsync(browser.User, times: 1);
        await browser.User.HasOneOfEachAsync();
    }

    [Fact]
    public async Task They_come_when_the_key_was_seen_already()
    {
        var browser = await AccessBrowser.OpenAsync(site, "late");
        await site.Tender.FaultAsync("hold", new { }, times: 0);

        await browser.PayAsync();
        var key = await browser.SeeKeyOnceAsync();
        (await browser.User.FirstToSayAsync()).ShouldBe("answer");
        await ReleaseAsync();

        await DeliveredAsync(browser.User, times: 1);
        await browser.User.HasOneOfEachAsync();
        await browser.IsGoneAsync(browser.Page, key);
    }

    [Fact]
    public async Task They_never_come()
    {
        var browser = await AccessBrowser.OpenAsync(site, "never");
        await site.Tender.FaultAsync("none", new { }, times: 0);

        await browser.PayAsync();

        await browser.SeeKeyOnceAsync();
        (await browser.User.FirstToSayAsync()).ShouldBe("answer");
        (await site.Tender.ReadAsync<long>("select count(*) from provider_events where position(@payment in convert_from(body, 'UTF8')) > 0", new { payment = await browser.User.PaymentAsync() })).ShouldBe(0);
        await browser.User.HasOneOfEachAsync();
    }

    // Both that say "paid" were sent so often, stored once each, and applied.
    private async Task DeliveredAsync(AccessUser user, int times)
    {
        foreach (var type in new[] { Completed, Succeeded })
        {
            await AppliedAsync(user, type);
            var id = await site.Tender.ReadAsync<string>("select event_id from provider_events where payment_id = @Payment and type = @type", new { Payment = await user.PaymentAsync(), type });
            await Shop.UntilAsync($"{type} was taken {times} times", async () => await TakenAsync(type, id) == times);
        }
    }

    private async Task<int> TakenAsync(string type, string id) => (await control.GetFromJsonAsync<JsonElement>($"deliveries?type={type}")).EnumerateArray()
        .Count(note => note.GetProperty("event").GetString() == id && note.GetProperty("status").GetInt32() is 200);

    private async Task AppliedAsync(AccessUser user, string type)
    {
        var payment = await user.PaymentAsync();
        await Shop.UntilAsync($"{type} is applied", async () =>
            await site.Tender.ReadAsync<long>("select count(*) from provider_events where payment_id = @payment and type = @type and outcome = 'applied'", new { payment, type }) is 1);
    }

    private Task ReleaseAsync(string? type = null) => site.Tender.ControlAsync("/stripe/deliveries/release", new { @event = type });
}
