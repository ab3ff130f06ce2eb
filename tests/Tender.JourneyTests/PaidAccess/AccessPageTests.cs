using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Tender.FaultTests;
using Tender.JourneyTests.Checkout;
using Tender.JourneyTests.Console;
using static Microsoft.Playwright.Assertions;

namespace Tender.JourneyTests.PaidAccess;

/// <summary>A user follows a payment link, pays on the provider's page, comes back, sees the key once, copies it and calls with it, in a real browser.</summary>
[Collection(nameof(OneAccessSite))]
public sealed class AccessPageTests(HostedSite site)
{
    private const float Patience = 30_000;

    [Fact]
    public async Task The_link_leads_to_the_providers_page_and_back_to_a_key_that_is_shown_once()
    {
        var (conversation, url) = await LinkAsync("ada");
        var page = await site.NewPageAsync(new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await page.GotoAsync(url);
        await CardForm.PayHostedAsync(page, "4242424242424242");
        await Expect(page.GetByText("Your API key is ready")).ToBeVisibleAsync(new() { Timeout = Patience });
        var address = page.Url;

        await page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();
        var key = await page.Locator(".key code").InnerTextAsync();
        key.ShouldMatch("^sk_[0-9a-f]{64}$");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the key" }).ClickAsync();
        await Expect(page.GetByText("Copied")).ToBeVisibleAsync();
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldBe(key);

        await page.GotoAsync(address);
        await Expect(page.GetByText("was shown before")).ToBeVisibleAsync();
        (await page.ContentAsync()).ShouldNotContain(key);
        using var asKey = new HttpRequestMessage(HttpMethod.Get, "/api/api-keys") { Headers = { Authorization = new("Bearer", key) } };
        (await site.Tender.Api.SendAsync(asKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await site.Tender.ReadAsync<string>("select payment_status from conversations where id = @conversation", new { conversation })).ShouldBe("paid");
    }

    [Fact]
    public async Task A_declined_card_makes_no_key_and_the_next_one_does()
    {
        var (_, url) = await LinkAsync("bea");
        var page = await site.NewPageAsync();
        await page.GotoAsync(url);

        await CardForm.PayHostedAsync(page, "4000000000000002");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync(new() { Timeout = Patience });
        (await site.Tender.ReadAsync<long>("select count(*) from key_reveals where user_id = 'bea'")).ShouldBe(0);
        await CardForm.PayHostedAsync(page, "4242424242424242");

        await Expect(page.GetByText("Your API key is ready")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task A_page_that_was_open_while_the_key_was_shown_on_another_says_so()
    {
        var browser = await AccessBrowser.OpenAsync(site, "gus");
        await browser.PayAsync();
        await AccessBrowser.ReadyAsync(browser.Page);
        var tab = await site.NewPageAsync();
        await tab.GotoAsync(await browser.User.ReturnAddressAsync());
        await AccessBrowser.ReadyAsync(tab);
        var key = await browser.SeeKeyOnceAsync();

        await tab.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();

        await Expect(tab.GetByText("was shown before")).ToBeVisibleAsync();
        (await tab.ContentAsync()).ShouldNotContain(key);
    }

    [Fact]
    public async Task Every_state_can_be_read_by_all()
    {
        foreach (var (name, address) in await StatesAsync())
            foreach (var (scheme, width, other) in new[] { (ColorScheme.Light, 1440, 390), (ColorScheme.Dark, 390, 1440) })
            {
                var page = await site.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
                await page.GotoAsync(address);
                if (name is "key" && scheme is ColorScheme.Dark)
                {
                    await page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();
                    await Expect(page.Locator(".key code")).ToBeVisibleAsync();
                    await page.WaitForLoadStateAsync();
                }

                (await PageLook.FaultsAsync(page)).ShouldBeEmpty($"{name} {scheme}");
                foreach (var wide in new[] { width, other })
                {
                    await PageLook.TakeAsync(page, wide, scheme);
                    await HostedSite.PictureAsync(page, $"access-{name}-{wide}-{scheme}");
                    (await PageLook.OverAsync(page)).ShouldBe(0, $"{name} {wide} {scheme}");
                }

                await page.Context.CloseAsync();
            }
    }

    private async Task<(string, string)[]> StatesAsync()
    {
        var waiting = await AddressAsync((await LinkAsync("cleo")).Conversation);
        var (ready, _) = await PaidAsync("dora");
        var (refunded, payment) = await PaidAsync("eve");
        await site.Tender.RefundAsync(payment);
        var (replaced, _) = await LinkAsync("fay");
        var first = await AddressAsync(replaced);
        await SendAsync("/api/payments/link", "fay", new { conversationId = replaced, tier = "premium" });
        var (unclosed, _) = await LinkAsync("gil");
        var open = await AddressAsync(unclosed);
        await site.Tender.FaultAsync("drop_before", new { method = "POST", path = $"/{await site.Tender.ReadAsync<string>("select provider_session_id from conversations where id = @unclosed", new { unclosed })}/expire$" }, times: 50);
        await SendAsync("/api/payments/link", "gil", new { conversationId = unclosed, tier = "premium" });
        var (little, _) = await LinkAsync("hal");
        await site.Tender.SaidToHavePaidAsync(await site.Tender.ReadAsync<string>("select payment_id from conversations where id = @little", new { little }), 1);
        return [("waiting", waiting), ("key", ready), ("refunded", refunded), ("replaced", first), ("unclosed", open), ("too-little", await AddressAsync(little)), ("unknown", waiting.Replace("signature=", "signature=A", StringComparison.Ordinal))];
    }

    private async Task<(string Address, string Payment)> PaidAsync(string user)
    {
        var (conversation, _) = await LinkAsync(user);
        var session = await site.Tender.ReadAsync<string>("select provider_session_id from conversations where id = @conversation", new { conversation });
        await site.Tender.ControlAsync("/stripe/pay", new { session, card = "4242424242424242" });
        await Shop.UntilAsync("it is paid", async () => await site.Tender.ReadAsync<string>("select payment_status from conversations where id = @conversation", new { conversation }) is "paid");
        return (await AddressAsync(conversation), await site.Tender.ReadAsync<string>("select payment_id from conversations where id = @conversation", new { conversation }));
    }

    private Task<string> AddressAsync(string conversation) =>
        site.Tender.ReadAsync<string>("select p.return_to from payments p join conversations c on c.payment_id = p.id where c.id = @conversation", new { conversation });

    private async Task<(string Conversation, string Url)> LinkAsync(string user)
    {
        (await site.Tender.Api.PutAsJsonAsync("/api/tiers/premium", new { name = "Premium", amount = 2_000 })).EnsureSuccessStatusCode();
        var conversation = (await SendAsync("/api/conversations", user, new { title = "How tides work" })).Word("id");
        return (conversation, (await SendAsync("/api/payments/link", user, new { conversationId = conversation, tier = "premium" })).Word("url"));
    }

    private async Task<Answer> SendAsync(string path, string user, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Tender-User", user);
        return await Answer.ReadAsync(await site.Tender.Api.SendAsync(request));
    }
}
