using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tender.FaultTests;
using static Microsoft.Playwright.Assertions;

namespace Tender.JourneyTests.Checkout;

/// <summary>A customer buys a ticket at a shop on another origin, in a real browser, without leaving it.</summary>
public sealed partial class ShopJourneyTests(ShopSite site) : IClassFixture<ShopSite>
{
    private const float Patience = 30_000;

    [Fact]
    public async Task Pays_by_card_and_gets_ticket_and_invoice()
    {
        var page = await ToPaymentAsync();

        await CardForm.PayAsync(page, "4242424242424242");

        await ThanksAsync(page);
        var tickets = await page.Locator("#tickets[href], a#tickets").GetAttributeAsync("href");
        using var http = new HttpClient();
        (await http.GetByteArrayAsync(new Uri(tickets!))).AsSpan().StartsWith("%PDF-"u8).ShouldBeTrue();
    }

    [Fact]
    public async Task A_declined_card_is_said_in_place_and_another_one_pays()
    {
        var page = await ToPaymentAsync();

        await CardForm.PayAsync(page, "4000000000000002");
        await Expect(page.Locator("#pay")).ToContainTextAsync(DeclinedWords(), new() { Timeout = Patience });
        page.Url.ShouldStartWith(site.Address);
        await CardForm.PayAsync(page, "4242424242424242");

        await ThanksAsync(page);
    }

    [Fact]
    public async Task The_bank_asks_and_the_customer_proves_it()
    {
        var page = await ToPaymentAsync();

        await CardForm.PayAsync(page, "4000000000003220");
        await page.FrameLocator("iframe[title='3-D Secure challenge']").GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync(new() { Timeout = Patience });

        await ThanksAsync(page);
    }

    [Fact]
    public async Task A_tab_closed_after_paying_loses_nothing()
    {
        var page = await ToPaymentAsync();
        var paymentId = await NewestPaymentAsync();
        await site.Tender.FaultAsync("slow", new { method = "GET", path = "^/v1/payment_intents/" }, ms: 2000);

        // Paid is what the provider has taken: a tab closed on the click itself may never have sent the card. When it asks us, the provider has told it.
        await page.RunAndWaitForRequestAsync(() => CardForm.PayAsync(page, "4242424242424242"), request => request.Url.EndsWith("/checkout/embed/confirm", StringComparison.Ordinal));
        await page.Context.CloseAsync();

        await PaidAsync(paymentId);
        (await site.Tender.ReadAsync<long>("select count(*) from tickets where payment_id = @paymentId", new { paymentId })).ShouldBe(1);
    }

    [Fact]
    public async Task The_return_before_the_webhook_is_enough()
    {
        var page = await ToPaymentAsync();
        var paymentId = await NewestPaymentAsync();
        await site.Tender.FaultAsync("hold", new { }, times: 10);

        await CardForm.PayAsync(page, "4242424242424242");
        await ThanksAsync(page);
        await site.Tender.ControlAsync("/stripe/deliveries/release", new { });

        await Shop.UntilAsync("the late webhooks are applied", async () => await site.Tender.ReadAsync<long>("select count(*) from provider_events where next_at is not null") is 0);
        (await site.Tender.ReadAsync<long>("select count(*) from documents where payment_id = @paymentId", new { paymentId })).ShouldBe(1);
    }

    [Fact]
    public async Task The_webhook_before_the_return_is_enough()
    {
        var page = await ToPaymentAsync();
        var paymentId = await NewestPaymentAsync();
        await site.Tender.FaultAsync("before_answer", new { });

        await CardForm.PayAsync(page, "4242424242424242");
        await ThanksAsync(page);

        (await site.Tender.ReadAsync<long>("select count(*) from documents where payment_id = @paymentId", new { paymentId })).ShouldBe(1);
    }

    [Fact]
    public async Task A_provider_that_times_out_after_charging_is_asked_until_it_says_so()
    {
        var page = await ToPaymentAsync();
        var paymentId = await NewestPaymentAsync();
        await site.Tender.FaultAsync("drop_answer_after", new { method = "POST", path = "/confirm$" });

        await CardForm.PayAsync(page, "4242424242424242");

        await PaidAsync(paymentId);
        (await site.Tender.ReadAsync<long>("select count(*) from attempts where payment_id = @paymentId and status = 'succeeded'", new { paymentId })).ShouldBe(1);
    }

    private async Task<IPage> ToPaymentAsync()
    {
        var context = await site.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(site.Address);
        await page.GetByLabel("Name").FillAsync("Bea Buyer");
        await page.GetByLabel("E-mail").FillAsync("bea@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go to payment" }).ClickAsync();
        await CardForm.ReadyAsync(page);
        return page;
    }

    private static async Task ThanksAsync(IPage page)
    {
        await Expect(page).ToHaveURLAsync(ThanksAddress(), new() { Timeout = Patience });
        await Expect(page.Locator("h1")).ToHaveTextAsync("Thank you");
    }

    private Task<string> NewestPaymentAsync() => site.Tender.ReadAsync<string>("select id from payments order by created_at desc limit 1");

    private Task PaidAsync(string paymentId) => Shop.UntilAsync("the payment is settled", async () =>
        await site.Tender.ReadAsync<string>("select status from payments where id = @paymentId", new { paymentId }) is "succeeded");

    [GeneratedRegex("declined", RegexOptions.IgnoreCase)]
    private static partial Regex DeclinedWords();

    [GeneratedRegex("/thanks$")]
    private static partial Regex ThanksAddress();
}
