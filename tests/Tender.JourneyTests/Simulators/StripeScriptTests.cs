using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tender.JourneyTests.Simulators;

/// <summary>The stand-in for Stripe.js in a real browser, on a shop's page of another origin.</summary>
public sealed class StripeScriptTests(StripeSite site) : IClassFixture<StripeSite>
{
    [Fact]
    public async Task A_card_is_typed_in_a_frame_and_pays_in_place()
    {
        var (page, intent) = await OpenShopAsync();
        await TypeCardAsync(page, "4242424242424242");
        (await Frame(page).GetByLabel("Card number").InputValueAsync()).ShouldBe("4242 4242 4242 4242");
        (await Frame(page).GetByLabel("Expiration date").InputValueAsync()).ShouldBe("12 / 31");
        await page.Locator("body[data-complete=true]").WaitForAsync();

        await PayAsync(page);

        await SaysAsync(page, "done succeeded");
        (await StatusAsync(intent)).ShouldBe("succeeded");
        page.Url.ShouldStartWith(site.Shop);
        (await page.ContentAsync()).ShouldNotContain("4242");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_its_field_and_nothing_is_sent()
    {
        var (page, intent) = await OpenShopAsync();
        await Frame(page).GetByLabel("Card number").FillAsync("4242");

        await PayAsync(page);

        await SaysAsync(page, "error validation_error incomplete_number");
        await Frame(page).GetByText("Your card number is incomplete.").WaitForAsync();
        await StripeSite.ShootAsync(page, "element-incomplete");
        (await StatusAsync(intent)).ShouldBe("requires_payment_method");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_declined_card_is_an_error_and_another_card_then_pays()
    {
        var (page, intent) = await OpenShopAsync();
        await TypeCardAsync(page, "4000000000000002");
        await PayAsync(page);
        await SaysAsync(page, "error card_error card_declined");

        await TypeCardAsync(page, "4242424242424242");
        await PayAsync(page);

        await SaysAsync(page, "done succeeded");
        (await StatusAsync(intent)).ShouldBe("succeeded");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("Complete", "done succeeded", "succeeded")]
    [InlineData("Fail", "error invalid_request_error payment_intent_authentication_failure", "requires_payment_method")]
    public async Task The_bank_asks_in_a_frame_over_the_page(string button, string says, string status)
    {
        var (page, intent) = await OpenShopAsync();
        await TypeCardAsync(page, "4000000000003220");
        await PayAsync(page);
        var bank = page.FrameLocator("iframe[title='3-D Secure challenge']");
        await bank.GetByRole(AriaRole.Button, new() { Name = button }).WaitForAsync();
        await StripeSite.ShootAsync(page, "challenge-frame");
        await bank.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

        await SaysAsync(page, says);
        (await StatusAsync(intent)).ShouldBe(status);
        (await page.Locator("[role=dialog]").CountAsync()).ShouldBe(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_if_required_success_leads_to_the_return_address()
    {
        var (page, intent) = await OpenShopAsync("&redirect=always");
        await TypeCardAsync(page, "4242424242424242");
        await PayAsync(page);

        await StripeSite.ArrivesAsync(page, "/back?order=7");
        page.Url.ShouldBe($"{site.Shop}/back?order=7&payment_intent={intent.GetProperty("id")}&payment_intent_client_secret={intent.GetProperty("client_secret")}&redirect_status=succeeded");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_bank_page_takes_the_payer_away_and_brings_him_back()
    {
        var (page, intent) = await OpenShopAsync("", "&payment_method_types[]=card&payment_method_types[]=ideal&payment_method_types[]=us_bank_account");
        await StripeSite.ShootAsync(page, "element-methods");
        await Frame(page).GetByLabel("Bank page").CheckAsync();
        await PayAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync();

        await StripeSite.ArrivesAsync(page, "redirect_status=succeeded");
        (await StatusAsync(intent)).ShouldBe("succeeded");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_wrong_client_secret_is_a_load_error()
    {
        var page = await site.Browser.NewPageAsync();
        await page.GotoAsync($"{site.Shop}/?secret=pi_nobody_secret_nothing");
        await SaysAsync(page, "loaderror resource_missing");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("stripe", 1000)]
    [InlineData("night", 1000)]
    [InlineData("stripe", 390)]
    [InlineData("night", 390)]
    public async Task The_form_passes_axe_in_light_and_dark(string theme, int width)
    {
        var (page, _) = await OpenShopAsync($"&theme={theme}");
        await page.SetViewportSizeAsync(width, 700);
        await StripeSite.ShootAsync(page, $"element-{theme}-{width}");

        var seen = await page.RunAxe();

        seen.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private async Task<(IPage Page, JsonElement Intent)> OpenShopAsync(string query = "", string form = "")
    {
        var intent = await site.ApiAsync(HttpMethod.Post, "/v1/payment_intents", $"amount=2000&currency=usd{form}");
        var page = await site.Browser.NewPageAsync();
        await page.GotoAsync($"{site.Shop}/?secret={intent.GetProperty("client_secret")}{query}");
        await SaysAsync(page, "ready");
        return (page, intent);
    }

    private static IFrameLocator Frame(IPage page) => page.FrameLocator("iframe[title='Secure payment input frame']");

    private static async Task TypeCardAsync(IPage page, string number)
    {
        foreach (var (label, text) in new[] { ("Card number", number), ("Expiration date", "1231"), ("Security code", "123") })
        {
            await Frame(page).GetByLabel(label).FillAsync("");
            await Frame(page).GetByLabel(label).PressSequentiallyAsync(text);
        }
    }

    private static Task PayAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();

    private static Task SaysAsync(IPage page, string text) => page.Locator("#said", new() { HasText = text }).WaitForAsync(new() { Timeout = 10_000 });

    private async Task<string> StatusAsync(JsonElement intent) => (await site.ApiAsync(HttpMethod.Get, $"/v1/payment_intents/{intent.GetProperty("id")}")).GetProperty("status").GetString()!;
}
