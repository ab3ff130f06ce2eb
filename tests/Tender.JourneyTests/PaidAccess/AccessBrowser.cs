using System.Net;
using Microsoft.Playwright;
using Tender.FaultTests;
using Tender.JourneyTests.Checkout;
using static Microsoft.Playwright.Assertions;

namespace Tender.JourneyTests.PaidAccess;

/// <summary>A user's browser on its way from the link over the provider's page to the key.</summary>
internal sealed class AccessBrowser
{
    private const float Patience = 30_000;
    private readonly HostedSite site;
    private readonly TaskCompletionSource mayReturn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource isReturning = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task paying = Task.CompletedTask;

    private AccessBrowser(HostedSite site, AccessUser user, IPage page) => (this.site, User, Page) = (site, user, page);

    public AccessUser User { get; }

    public IPage Page { get; }

    public static async Task<AccessBrowser> OpenAsync(HostedSite site, string user)
    {
        var browser = new AccessBrowser(site, await new AccessUser(site.Tender, user).AskAsync(), await site.NewPageAsync());
        // On a slow machine Tender's own question, after 20 s, would be the first to find the money: here it is the webhook or the page.
        await (await site.Tender.TenantAsync()).ExecuteAsync("update attempts set ask_at = ask_at + interval '1 hour' where provider_payment_id = @Session", new { browser.User.Session }, CancellationToken.None);
        await browser.Page.GotoAsync(browser.User.Url);
        return browser;
    }

    /// <summary>Pays by card, and is led back at once.</summary>
    public Task PayAsync() => CardForm.PayHostedAsync(Page, "4242424242424242");

    /// <summary>Pays by card; the way back is so slow that nobody asks for the page until <see cref="ReturnAsync"/>.</summary>
    public async Task PayWithoutReturnAsync()
    {
        // A redirect itself cannot be held back: what the provider's page answers to the click is.
        await Page.RouteAsync("**/c/pay/*", async click =>
        {
            var answer = await click.FetchAsync(new() { MaxRedirects = 0 });
            isReturning.SetResult();
            await mayReturn.Task;
            await click.FulfillAsync(new() { Response = answer });
        });
        paying = PayAsync();
        await isReturning.Task.WaitAsync(TimeSpan.FromMilliseconds(Patience));
    }

    public async Task ReturnAsync()
    {
        mayReturn.SetResult();
        await paying;
        await ReadyAsync(Page);
    }

    public static Task ReadyAsync(IPage page) => Expect(page.GetByText("Your API key is ready")).ToBeVisibleAsync(new() { Timeout = Patience });

    /// <summary>The key, which the page shows once: it is asked again, and so is the API.</summary>
    public async Task<string> SeeKeyOnceAsync()
    {
        await ReadyAsync(Page);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show the key" }).ClickAsync();
        var key = await Page.Locator(".key code").InnerTextAsync(new() { Timeout = Patience });
        key.ShouldMatch("^sk_[0-9a-f]{64}$");
        await IsGoneAsync(Page, key);
        return key;
    }

    /// <summary>Nobody sees it again, and it opens what it is for.</summary>
    public async Task IsGoneAsync(IPage page, string key)
    {
        await page.GotoAsync(await User.ReturnAddressAsync());
        await Expect(page.GetByText("was shown before")).ToBeVisibleAsync();
        (await page.ContentAsync()).ShouldNotContain(key);
        (await CallAsync(key)).Status.ShouldBe(HttpStatusCode.OK);
        var listed = (await CallAsync(key)).Body.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        (await User.SendAsync(HttpMethod.Post, $"/api/api-keys/{listed.GetProperty("id").GetString()}/reveal")).Status.ShouldBe(HttpStatusCode.Gone);
    }

    /// <param name="node">The shop's own server without it.</param>
    public async Task<Answer> CallAsync(string key, HttpClient? node = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/api-keys") { Headers = { Authorization = new("Bearer", key) } };
        return await Answer.ReadAsync(await (node ?? site.Tender.Api).SendAsync(request));
    }
}
