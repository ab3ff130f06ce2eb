using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Tender.JourneyTests.Checkout;

namespace Tender.JourneyTests.Simulators;

/// <summary>The page of a Checkout Session in a real browser.</summary>
public sealed class StripeHostedPageTests(StripeSite site) : IClassFixture<StripeSite>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_is_paid_after_a_refusal_and_a_question_with_and_without_scripts(bool scripts)
    {
        var session = await NewSessionAsync();
        var context = await site.Browser.NewContextAsync(new() { JavaScriptEnabled = scripts });
        var page = await context.NewPageAsync();
        await page.GotoAsync(session.GetProperty("url").GetString()!);
        await CardForm.PayHostedAsync(page, "4000000000000002");
        await page.GetByRole(AriaRole.Alert).GetByText("Your card was declined.").WaitForAsync();
        await StripeSite.ShootAsync(page, "hosted-declined");

        await CardForm.PayHostedAsync(page, "4000000000003220");
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).WaitForAsync();
        await StripeSite.ShootAsync(page, "challenge-page");
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync();

        await StripeSite.ArrivesAsync(page, $"{site.Shop}/back?cs={session.GetProperty("id")}");
        (await site.ApiAsync(HttpMethod.Get, $"/v1/checkout/sessions/{session.GetProperty("id")}")).GetProperty("payment_status").GetString().ShouldBe("paid");
        await context.CloseAsync();
    }

    [Fact]
    public async Task A_failed_question_leads_back_to_the_page_with_a_reason_and_the_shop_is_a_click_away()
    {
        var session = await NewSessionAsync();
        var page = await site.Browser.NewPageAsync();
        await page.GotoAsync(session.GetProperty("url").GetString()!);
        await CardForm.PayHostedAsync(page, "4000000000003220");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fail" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("unable to authenticate").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the shop" }).ClickAsync();

        await StripeSite.ArrivesAsync(page, $"{site.Shop}/back?gone=1");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_page_passes_axe_and_fits(int width, ColorScheme scheme)
    {
        var session = await NewSessionAsync();
        var page = await site.Browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        await page.GotoAsync(session.GetProperty("url").GetString()!);
        await page.GetByText("Test cards").First.ClickAsync();
        await StripeSite.ShootAsync(page, $"hosted-{width}-{scheme}");

        var seen = await page.RunAxe();

        seen.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);
        await page.Context.CloseAsync();
    }

    private async Task<JsonElement> NewSessionAsync()
    {
        await site.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_tenderdemo0000000000000001", publishableKey = "pk_test_tenderdemo0000000000000001", displayName = "Harbour Festival" });
        return await site.ApiAsync(HttpMethod.Post, "/v1/checkout/sessions", $$"""
            mode=payment&success_url={{site.Shop}}/back?cs={CHECKOUT_SESSION_ID}&cancel_url={{site.Shop}}/back?gone=1
            &line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=4900&line_items[0][price_data][product_data][name]=Festival ticket, three days with camping&line_items[0][quantity]=2
            &line_items[1][price_data][currency]=usd&line_items[1][price_data][unit_amount]=1250&line_items[1][price_data][product_data][name]=Parking
            """.ReplaceLineEndings(""));
    }
}
