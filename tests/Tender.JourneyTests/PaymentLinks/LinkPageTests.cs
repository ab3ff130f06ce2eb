using System.Net;
using Microsoft.Playwright;
using Tender.FaultTests;
using Tender.JourneyTests.Checkout;
using Tender.JourneyTests.Console;
using static Microsoft.Playwright.Assertions;

namespace Tender.JourneyTests.PaymentLinks;

/// <summary>Somebody opens a link, says what they want, pays and sees it paid, in a real browser.</summary>
public sealed class LinkPageTests(HostedSite site) : IClassFixture<HostedSite>
{
    private const float Patience = 30_000;
    private const int PageBytesMax = 60_000;

    [Fact]
    public async Task A_sum_is_chosen_and_paid_by_card()
    {
        var page = await OpenAsync(await ChooseAsync());
        await Expect(page.GetByLabel("Your sum")).ToBeHiddenAsync();

        await page.GetByLabel("Another sum").CheckAsync();
        await page.GetByLabel("Your sum").FillAsync("12,50");
        await page.GetByLabel("E-mail").FillAsync("bea@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue to payment" }).ClickAsync();
        await CardForm.ReadyAsync(page);
        await Expect(page.Locator("h1")).ToContainTextAsync("12.50");
        await CardForm.PayAsync(page, "4242424242424242");

        await Expect(page.GetByText("Paid. Thank you.")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Invoice" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_wrong_is_said_where_it_is_and_the_keyboard_stands_there()
    {
        var page = await OpenAsync(await ChooseAsync());

        await page.GetByLabel("Another sum").CheckAsync();
        await page.GetByLabel("Your sum").FillAsync("4.99");
        await page.GetByLabel("E-mail").FillAsync("bea@example.com");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("#field-amount-error")).ToContainTextAsync("The least is 5.00 USD.");
        await Expect(page.GetByLabel("Your sum")).ToBeFocusedAsync();
        await Expect(page.GetByLabel("Your sum")).ToHaveValueAsync("4.99");
        await Expect(page.GetByLabel("E-mail")).ToHaveValueAsync("bea@example.com");
    }

    [Fact]
    public async Task Without_scripts_it_leads_to_the_page_to_pay_on()
    {
        var page = await OpenAsync(await TicketsAsync(), new() { JavaScriptEnabled = false });

        await page.GetByLabel("How many").SelectOptionAsync("3");
        await page.GetByLabel("E-mail").FillAsync("bea@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue to payment" }).ClickAsync();

        await Expect(page.Locator("h1")).ToContainTextAsync("147.00");
        page.Url.ShouldContain("/pay/cs_");
    }

    [Fact]
    public async Task Who_goes_back_and_orders_otherwise_leaves_one_session_to_pay()
    {
        var link = await TicketsAsync(limit: 1);
        var page = await OpenAsync(link);
        await OrderAsync(page, "1");
        await page.GoBackAsync();
        await OrderAsync(page, "2");

        await Expect(page.Locator("h1")).ToContainTextAsync("98.00");
        (await site.Tender.ReadAsync<long>("select count(*) from checkout_sessions s join payments p on p.id = s.payment_id where s.link_id = @id and p.status = 'awaiting_payer'", new { id = link.Word("id") })).ShouldBe(1);
    }

    [Fact]
    public async Task It_is_small_and_loads_nothing_from_elsewhere()
    {
        var page = await site.NewPageAsync();
        var (bytes, others) = (0, new List<string>());
        page.Response += async (_, answer) =>
        {
            if (!answer.Url.StartsWith(site.Tender.Demo.BaseUrl, StringComparison.Ordinal)) others.Add(answer.Url);
            Interlocked.Add(ref bytes, (await answer.BodyAsync()).Length);
        };

        await page.GotoAsync((await ChooseAsync()).Word("url"), new() { WaitUntil = WaitUntilState.NetworkIdle });

        bytes.ShouldBeInRange(1_000, PageBytesMax);
        others.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_state_can_be_read_by_all()
    {
        foreach (var (name, address, typed) in await StatesAsync())
        {
            var page = await site.NewPageAsync();
            await page.GotoAsync(address);
            if (typed is not null)
            {
                await page.GetByLabel("How much").FillAsync(typed);
                await page.GetByLabel("E-mail").FillAsync("bea@example.com");
                await page.GetByRole(AriaRole.Button, new() { Name = "Continue to payment" }).ClickAsync();
                await page.Locator(".field-error").WaitForAsync();
            }

            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                foreach (var width in new[] { 1440, 390 })
                {
                    await PageLook.TakeAsync(page, width, scheme);
                    await HostedSite.PictureAsync(page, $"link-{name}-{width}-{scheme}");
                    (await PageLook.OverAsync(page)).ShouldBe(0, $"{name} {width} {scheme}");
                    if ((width, scheme) is (1440, ColorScheme.Light) or (390, ColorScheme.Dark)) (await PageLook.FaultsAsync(page)).ShouldBeEmpty($"{name} {width} {scheme}");
                }

            await page.Context.CloseAsync();
        }
    }

    private async Task<IReadOnlyList<(string Name, string Address, string? Typed)>> StatesAsync()
    {
        var closed = await TicketsAsync();
        await site.Tender.ChangeLinkAsync(closed, new { isOpen = false });
        var held = await TicketsAsync(limit: 1);
        await OrderAsync(await OpenAsync(held), "1");
        var free = await site.Tender.LinkAsync(new { title = "What it is worth to you", kind = "choose", amountMin = 200, amountMax = 50_000 });
        var odd = await site.Tender.LinkAsync(new
        {
            title = "تذكرة المهرجان مع مكان لنصب الخيمة Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
            kind = "choose",
            currency = "idr",
            suggestedAmounts = new[] { 100, 999_999_999_999 },
            description = new string('w', 300),
        });
        return
        [
            ("tickets", (await TicketsAsync()).Word("url"), null), ("choose", (await ChooseAsync()).Word("url"), null), ("free", free.Word("url"), null), ("wrong", free.Word("url"), "1.999"),
            ("sum", (await site.Tender.LinkAsync(new { title = "Piano lesson, 45 minutes", kind = "amount", amount = 3_550 })).Word("url"), null),
            ("pair", (await site.Tender.LinkAsync(new { title = "Two for the festival", kind = "product", site.Tender.Demo.ProductId, quantity = 2 })).Word("url"), null),
            ("odd", odd.Word("url"), null), ("closed", closed.Word("url"), null), ("held", held.Word("url"), null), ("unknown", $"{site.Tender.Demo.BaseUrl}/pay/l/none", null),
        ];
    }

    private Task<Answer> ChooseAsync() => site.Tender.LinkAsync(new
    {
        title = "For the lifeboats",
        kind = "choose",
        amountMin = 500,
        suggestedAmounts = new[] { 1_000, 2_500, 5_000 },
        description = "Every boat is crewed by volunteers.\nThank you for keeping them afloat.",
    });

    private Task<Answer> TicketsAsync(int? limit = null) => site.Tender.LinkAsync(new
    {
        title = "Harbour Festival 2026",
        kind = "product",
        site.Tender.Demo.ProductId,
        quantityMax = 4,
        limit,
        description = "Three days by the harbour. Gates open at noon.",
    });

    private async Task<IPage> OpenAsync(Answer link, BrowserNewContextOptions? options = null)
    {
        var page = await site.NewPageAsync(options);
        (await page.GotoAsync(link.Word("url")))!.Status.ShouldBe((int)HttpStatusCode.OK);
        return page;
    }

    private static async Task OrderAsync(IPage page, string quantity)
    {
        await page.GetByLabel("How many").SelectOptionAsync(quantity);
        await page.GetByLabel("E-mail").FillAsync("bea@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue to payment" }).ClickAsync();
        await page.WaitForURLAsync("**/pay/cs_*");
    }
}
