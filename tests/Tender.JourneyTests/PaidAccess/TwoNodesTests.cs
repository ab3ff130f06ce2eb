using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Tender.FaultTests;
using Tender.JourneyTests.Checkout;
using Tender.Server.Connections;
using static Microsoft.Playwright.Assertions;

namespace Tender.JourneyTests.PaidAccess;

/// <summary>Two servers on the same databases, as behind a load balancer: what one does the other knows, and what both are asked for at once happens once.</summary>
[Collection(nameof(OneAccessSite))]
public sealed class TwoNodesTests(HostedSite site) : IAsyncLifetime
{
    private const float Patience = 30_000;

    // Well below the 5 s for which a node remembers a key by itself.
    private const int AtOnceSeconds = 2;

    private readonly HttpClient stripe = new() { BaseAddress = new($"{site.Tender.SimulatorUrl}/") };
    private readonly List<string> endpoints = [];
    private AnotherNode other = null!;

    public async Task InitializeAsync()
    {
        stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_tenderdemo0000000000000001");
        other = await AnotherNode.StartAsync(site.Tender);
    }

    public async Task DisposeAsync()
    {
        await site.Tender.EndFaultsAsync();
        foreach (var endpoint in endpoints) (await stripe.DeleteAsync(new Uri($"stripe/v1/webhook_endpoints/{endpoint}", UriKind.Relative))).EnsureSuccessStatusCode();
        stripe.Dispose();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task The_same_webhooks_sent_to_both_at_once_make_one_order_and_one_key()
    {
        var browser = await AccessBrowser.OpenAsync(site, "both");
        await SendToBothAsync(times: 3);
        await site.Tender.FaultAsync("hold", new { }, times: 0);
        await browser.PayWithoutReturnAsync();
        (await browser.User.StatusAsync(other.Api)).ShouldBe("pending");

        await site.Tender.ControlAsync("/stripe/deliveries/release", new { });
        await browser.User.PaidAsync();
        await browser.ReturnAsync();

        await browser.SeeKeyOnceAsync();
        (await browser.User.FirstToSayAsync()).ShouldBe("webhook");
        await TakenAsync(browser.User, "checkout.session.completed", times: 3);
        await TakenAsync(browser.User, "payment_intent.succeeded", times: 3);
        await browser.User.HasOneOfEachAsync();
    }

    [Fact]
    public async Task A_link_of_one_is_paid_and_shown_on_the_other_and_a_key_deleted_on_one_is_refused_on_both_at_once()
    {
        var browser = await AccessBrowser.OpenAsync(site, "either");
        await browser.PayAsync();
        await AccessBrowser.ReadyAsync(browser.Page);
        (await browser.User.StatusAsync(other.Api)).ShouldBe("paid");
        // The page is the first node's; the balancer gives its form to the second.
        var given = new List<string>();
        await browser.Page.RouteAsync("**/access/**", async way =>
        {
            if (way.Request.Method is "POST") given.Add(AtOther(way.Request.Url));
            await way.ContinueAsync(new() { Url = way.Request.Method is "POST" ? given[^1] : null });
        });
        var key = await browser.SeeKeyOnceAsync();
        given.Count.ShouldBe(1);

        var id = (await browser.CallAsync(key, other.Api)).Body.GetProperty("keys")[0].GetProperty("id").GetString();
        (await browser.CallAsync(key)).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.User.SendAsync(HttpMethod.Delete, $"/api/api-keys/{id}")).Status.ShouldBe(HttpStatusCode.OK);

        (await browser.CallAsync(key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await Shop.UntilAsync("the other node refuses it too", async () => (await browser.CallAsync(key, other.Api)).Status is HttpStatusCode.Unauthorized, AtOnceSeconds);
        await browser.Page.GotoAsync(AtOther(await browser.User.ReturnAddressAsync()));
        await Expect(browser.Page.GetByText("The key was deleted.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Of_both_pages_asked_for_the_key_at_the_same_moment_one_shows_it()
    {
        var browser = await AccessBrowser.OpenAsync(site, "two pages");
        await browser.PayAsync();
        await AccessBrowser.ReadyAsync(browser.Page);
        var second = await site.NewPageAsync();
        await second.GotoAsync(AtOther(await browser.User.ReturnAddressAsync()));
        IPage[] pages = [browser.Page, second];

        await Task.WhenAll(pages.Select(page => page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync()));
        foreach (var page in pages) await page.Locator(".key code").Or(page.GetByText("was shown before")).WaitForAsync(new() { Timeout = Patience });

        var shown = new List<string>();
        foreach (var page in pages) shown.AddRange(await page.Locator(".key code").AllInnerTextsAsync());
        await browser.IsGoneAsync(browser.Page, shown.ShouldHaveSingleItem());
    }

    [Fact]
    public async Task Of_many_calls_to_both_for_the_key_at_the_same_moment_one_gets_it()
    {
        var user = await new AccessUser(site.Tender, "many calls").AskAsync();
        await site.Tender.ControlAsync("/stripe/pay", new { session = user.Session });
        await user.PaidAsync();
        var id = (await user.SendAsync(HttpMethod.Get, "/api/api-keys", node: other.Api)).Body.GetProperty("keys")[0].GetProperty("id").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => user.SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", node: i % 2 is 0 ? other.Api : null)));

        answers.Where(answer => answer.Status is HttpStatusCode.OK).ShouldHaveSingleItem().Word("key").ShouldStartWith("sk_");
        answers.Where(answer => answer.Status is not HttpStatusCode.OK).ShouldAllBe(answer => answer.Word("code") == "key_gone");
        await user.HasOneOfEachAsync();
    }

    // Endpoints beside the one that was registered, with its secret: as if the provider sent each event to every node, and again.
    private async Task SendToBothAsync(int times)
    {
        var connection = await site.Tender.ReadAsync<string>("select id from connections where name = 'Main'");
        var account = await site.Tender.Get<OpenAccount>().RunAsync(await site.Tender.TenantAsync(), connection, CancellationToken.None);
        foreach (var node in Enumerable.Repeat(new[] { new Uri(site.Tender.Demo.BaseUrl), other.Address }, times).SelectMany(both => both))
        {
            var made = await site.Tender.ControlAsync("/stripe/webhook_endpoints", new { url = new Uri(node, $"/api/webhooks/stripe/{connection}"), secret = account.AcceptedWebhookSecrets[0].Reveal() });
            endpoints.Add(made.GetProperty("id").GetString()!);
        }
    }

    private async Task TakenAsync(AccessUser user, string type, int times)
    {
        var id = await site.Tender.ReadAsync<string>("select event_id from provider_events where payment_id = @Payment and type = @type", new { Payment = await user.PaymentAsync(), type });
        foreach (var node in new[] { new Uri(site.Tender.Demo.BaseUrl), other.Address })
        {
            await Shop.UntilAsync($"{type} was taken by {node} at every endpoint", async () => (await stripe.GetFromJsonAsync<JsonElement>($"_control/stripe/deliveries?type={type}")).EnumerateArray()
                .Count(note => note.GetProperty("event").GetString() == id && note.GetProperty("url").GetString()!.StartsWith(node.AbsoluteUri, StringComparison.Ordinal)
                    && endpoints.Contains(note.GetProperty("endpoint").GetString()!) && note.GetProperty("status").GetInt32() is 200) == times);
        }
    }

    private string AtOther(string address) => new UriBuilder(address) { Port = other.Address.Port }.Uri.AbsoluteUri;
}
