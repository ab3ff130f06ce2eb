using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tender.JourneyTests.Checkout;

/// <summary>The provider's form for a card, inside our page or on its own, as a payer fills it.</summary>
internal static partial class CardForm
{
    private const float Patience = 30_000;

    /// <summary>Waits until a card can be entered.</summary>
    public static Task ReadyAsync(IPage page) => Frame(page).GetByLabel("Card number").WaitForAsync(new() { Timeout = Patience });

    /// <summary>Enters a card and presses our button.</summary>
    public static async Task PayAsync(IPage page, string card)
    {
        var form = Frame(page);
        await form.GetByLabel("Card number").FillAsync(card);
        await form.GetByLabel("Expiration date").FillAsync("12/34");
        await form.GetByLabel("Security code").FillAsync("123");
        await page.Locator("#pay").GetByRole(AriaRole.Button, new() { NameRegex = PayWords() }).ClickAsync();
    }

    /// <summary>Enters a card on the provider's own page, and pays.</summary>
    public static async Task PayHostedAsync(IPage page, string card)
    {
        await page.GetByLabel("Email").FillAsync("bea@shop.example");
        await page.GetByLabel("Card number").FillAsync(card);
        await page.GetByLabel("Expiration date").FillAsync("12 / 31");
        await page.GetByLabel("Security code").FillAsync("123");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
    }

    private static IFrameLocator Frame(IPage page) => page.FrameLocator("iframe[title='Secure payment input frame']");

    [GeneratedRegex("^Pay ")]
    private static partial Regex PayWords();
}
