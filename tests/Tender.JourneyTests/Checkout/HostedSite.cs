using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Tender.FaultTests;

namespace Tender.JourneyTests.Checkout;

/// <summary>A whole installation, sessions to pay on its own page, and a browser in front of it.</summary>
public sealed class HostedSite : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public Shop Tender { get; } = new();

    public async Task InitializeAsync()
    {
        await Tender.InitializeAsync();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await Tender.DisposeAsync();
    }

    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null) => await (await browser.NewContextAsync(options)).NewPageAsync();

    /// <summary>The address of a new session's page, as the API gives it.</summary>
    public async Task<string> NewSessionAsync(int quantity = 1, string? productId = null, string? currency = null)
    {
        var answer = await Answer.ReadAsync(await Tender.Api.PostAsJsonAsync("/api/v1/checkout/sessions", new
        {
            productId = productId ?? Tender.Demo.ProductId,
            quantity,
            customerEmail = "bea@example.com",
            customerName = "Bea Buyer",
            currency,
            successUrl = "https://shop.example/thanks",
        }));
        answer.Status.ShouldBe(HttpStatusCode.Created);
        return answer.Word("url");
    }

    /// <summary>A page in every state it has, and one with everything too long.</summary>
    public async Task<IReadOnlyList<(string Name, string Address)>> StatesAsync(Func<Task<string>> make, Func<string, string, Task> set)
    {
        var states = new List<(string, string)> { ("open", await make()), ("unknown", $"{Tender.Demo.BaseUrl}/pay/none") };
        foreach (var status in new[] { "expired", "canceled", "failed", "processing" })
        {
            var address = await make();
            await set(address, status);
            states.Add((status, address));
        }

        var paid = await Tender.CreateSessionAsync(quantity: 2);
        await Tender.PayAsync(paid);
        await Tender.ConfirmAsync(paid.Word("sessionId"));
        states.Add(("paid", paid.Word("url")));
        var refunded = await Tender.CreateSessionAsync(quantity: 2);
        await Tender.PayAsync(refunded);
        await Tender.ConfirmAsync(refunded.Word("sessionId"));
        await Tender.RefundAsync(await Tender.PaymentOfAsync(refunded));
        states.Add(("refunded", refunded.Word("url")));
        var product = await Answer.ReadAsync(await Tender.Api.PostAsJsonAsync("/api/v1/products", new
        {
            name = "تذكرة المهرجان مع مكان لنصب الخيمة Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
            kind = "service",
            prices = new[] { new { currency = "jpy", amount = 99_999_999 } },
        }));
        states.Add(("long", await NewSessionAsync(1, product.Word("id"), "jpy")));
        return states;
    }

    /// <summary>For people to look at, where TENDER_PICTURES names a folder.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TENDER_PICTURES") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
