using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Tender.FaultTests;
using Tender.JourneyTests.Console;
using static Microsoft.Playwright.Assertions;

namespace Tender.JourneyTests.Checkout;

/// <summary>A session as a page of ours, for sites without code: /pay/{session}, in a real browser.</summary>
public sealed partial class HostedPageTests(HostedSite site) : IClassFixture<HostedSite>
{
    private const float Patience = 30_000;
    private const int PageBytesMax = 60_000;

    [Fact]
    public async Task Pays_and_gets_the_papers_on_the_page()
    {
        var page = await OpenAsync(await NewSessionAsync());

        await CardForm.PayAsync(page, "4242424242424242");

        await Expect(page.GetByText("Paid. Thank you.")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.GetByText("b•••@example.com")).ToBeVisibleAsync();
        using var http = new HttpClient();
        foreach (var name in new[] { "Your 2 tickets", "Invoice" })
        {
            var href = await page.GetByRole(AriaRole.Link, new() { Name = name }).GetAttributeAsync("href");
            (await http.GetByteArrayAsync(new Uri(href!))).AsSpan().StartsWith("%PDF-"u8).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_declined_card_is_said_in_place_and_another_one_pays()
    {
        var page = await OpenAsync(await NewSessionAsync());

        await CardForm.PayAsync(page, "4000000000000002");
        await Expect(page.Locator("#pay")).ToContainTextAsync(Declined(), new() { Timeout = Patience });
        await CardForm.PayAsync(page, "4242424242424242");

        await Expect(page.GetByText("Paid. Thank you.")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task The_bank_asks_and_the_customer_proves_it()
    {
        var page = await OpenAsync(await NewSessionAsync());

        await CardForm.PayAsync(page, "4000000000003220");
        await page.FrameLocator("iframe[title='3-D Secure challenge']").GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync(new() { Timeout = Patience });

        await Expect(page.GetByText("Paid. Thank you.")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task What_the_address_claims_is_not_believed()
    {
        var session = await NewSessionAsync();
        var page = await site.NewPageAsync();

        await page.GotoAsync($"{session}?payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_1&redirect_status=succeeded");

        await Expect(page.GetByText("on its way")).ToBeVisibleAsync(new() { Timeout = Patience });
        page.Url.ShouldBe(session);
        (await site.Tender.ReadAsync<string>("select status from payments where purpose_id = @id", new { id = IdOf(session) })).ShouldBe("awaiting_payer");
        (await page.GetByText("Paid. Thank you.").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_closed_session_says_so_and_offers_nothing_to_pay()
    {
        var (expired, canceled) = (await NewSessionAsync(), await NewSessionAsync());
        await SetAsync(expired, "expired");
        await SetAsync(canceled, "canceled");

        foreach (var (address, says) in new[] { (expired, "The time to pay is over"), (canceled, "was canceled") })
        {
            var page = await site.NewPageAsync();
            await page.GotoAsync(address);
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(says);
            (await page.Locator("[data-checkout], iframe").CountAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_paid_session_cannot_be_paid_again()
    {
        var address = await NewSessionAsync();
        await CardForm.PayAsync(await OpenAsync(address), "4242424242424242");
        await Shop.UntilAsync("it is paid", async () => await site.Tender.ReadAsync<string>("select p.status from payments p join checkout_sessions s on s.payment_id = p.id where s.id = @id", new { id = IdOf(address) }) is "succeeded");

        var later = await site.NewPageAsync();
        await later.GotoAsync(address);

        await Expect(later.GetByText("Paid. Thank you.")).ToBeVisibleAsync();
        (await later.Locator("[data-checkout], iframe").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task After_an_hour_the_address_alone_brings_no_papers()
    {
        var address = await NewSessionAsync();
        var page = await OpenAsync(address);
        await CardForm.PayAsync(page, "4242424242424242");
        await Expect(page.Locator(".papers")).ToBeVisibleAsync(new() { Timeout = Patience });

        await (await site.Tender.TenantAsync()).ExecuteAsync(
            "update payments set succeeded_at = succeeded_at - interval '61 minutes' where purpose_id = @id", new { id = IdOf(address) }, CancellationToken.None);
        await page.ReloadAsync();

        await Expect(page.GetByText("Paid. Thank you.")).ToBeVisibleAsync();
        (await page.Locator(".papers").CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("cs_nobody0_01jd0000000000000000000000")]
    [InlineData("..%2f..%2fetc")]
    public async Task An_unknown_session_is_a_page_that_says_so(string id)
    {
        var page = await site.NewPageAsync();

        var answer = await page.GotoAsync($"{site.Tender.Demo.BaseUrl}/pay/{id}");

        answer!.Status.ShouldBe(404);
        await Expect(page.Locator("h1")).ToHaveTextAsync("There is no such payment");
    }

    [Fact]
    public async Task Without_scripts_the_order_and_what_is_needed_are_still_there()
    {
        var page = await site.NewPageAsync(new() { JavaScriptEnabled = false });

        await page.GotoAsync(await NewSessionAsync());

        (await page.ContentAsync()).ShouldContain("<noscript><p class=\"problem\">Paying here needs JavaScript");
        await Expect(page.Locator("h1")).ToContainTextAsync("98.00");
        await Expect(page.GetByText("Festival ticket")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task It_is_small_and_tells_a_stranger_nothing_about_the_customer()
    {
        var page = await site.NewPageAsync();
        var bytes = 0;
        page.Response += async (_, answer) =>
        {
            if (answer.Url.StartsWith(site.Tender.Demo.BaseUrl, StringComparison.Ordinal)) Interlocked.Add(ref bytes, (await answer.BodyAsync()).Length);
        };

        await page.GotoAsync(await NewSessionAsync());
        await CardForm.ReadyAsync(page);

        bytes.ShouldBeInRange(1_000, PageBytesMax);
        (await page.ContentAsync()).ShouldNotContain("bea@example.com");
        (await page.ContentAsync()).ShouldNotContain("Bea Buyer");
    }

    [Fact]
    public async Task Every_state_can_be_read_by_all()
    {
        // The card form takes its colours when it opens: a page for each theme, and in it both widths. Axe walks each once.
        foreach (var (name, address) in await site.StatesAsync(NewSessionAsync, SetAsync))
            foreach (var (scheme, width, other) in new[] { (ColorScheme.Light, 1440, 390), (ColorScheme.Dark, 390, 1440) })
            {
                var page = await site.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
                await page.GotoAsync(address);
                if (name is "open" or "long") await CardForm.ReadyAsync(page);

                if (name is "processing") await page.GetByText("on its way").WaitForAsync(new() { Timeout = Patience });
                if (name is "refunded") await page.GetByText("Refunded.").WaitForAsync(new() { Timeout = Patience });
                (name is "open" or "long" ? await WithFramesAsync(page) : await PageLook.FaultsAsync(page)).ShouldBeEmpty($"{name} {scheme}");
                foreach (var wide in new[] { width, other })
                {
                    await PageLook.TakeAsync(page, wide, scheme);
                    await HostedSite.PictureAsync(page, $"pay-{name}-{wide}-{scheme}");
                    (await PageLook.OverAsync(page)).ShouldBe(0, $"{name} {wide} {scheme}");
                }

                await page.Context.CloseAsync();
            }
    }

    private static async Task<IReadOnlyList<string>> WithFramesAsync(IPage page) =>
        [.. (await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] })).Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id} {n.Html}"))];

    private Task<string> NewSessionAsync() => site.NewSessionAsync(quantity: 2);

    // What time or the merchant would do, done at once.
    private async Task SetAsync(string address, string status) => await (await site.Tender.TenantAsync()).ExecuteAsync(
        "update payments set status = @status, was_closed = true where purpose_id = @id", new { status, id = IdOf(address) }, CancellationToken.None);

    private async Task<IPage> OpenAsync(string address)
    {
        var page = await site.NewPageAsync();
        await page.GotoAsync(address);
        await CardForm.ReadyAsync(page);
        return page;
    }

    private static string IdOf(string address) => address[(address.LastIndexOf('/') + 1)..];

    [GeneratedRegex("declined", RegexOptions.IgnoreCase)]
    private static partial Regex Declined();
}
