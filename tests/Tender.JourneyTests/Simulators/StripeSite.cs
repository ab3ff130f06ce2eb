using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Tender.Simulators;

namespace Tender.JourneyTests.Simulators;

/// <summary>The Stripe simulator, a bare shop on another origin that uses its script, and a browser.</summary>
public sealed class StripeSite : IAsyncLifetime
{
    private const string SecretKey = "sk_test_tenderdemo0000000000000001";

    private readonly WebApplication simulator = SimulatorHost.Build("--urls", "http://127.0.0.1:0");
    private readonly HttpClient client = new();
    private WebApplication shop = null!;
    private IPlaywright playwright = null!;

    public string Stripe => simulator.Urls.First();

    public string Shop => shop.Urls.First();

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await simulator.StartAsync();
        shop = await OpenShopAsync();
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        client.Dispose();
        await shop.DisposeAsync();
        await simulator.DisposeAsync();
    }

    public async Task<JsonElement> ApiAsync(HttpMethod method, string path, string? form = null)
    {
        using var request = new HttpRequestMessage(method, $"{Stripe}/stripe{path}");
        request.Headers.Authorization = new("Bearer", SecretKey);
        if (form is not null) request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var response = await client.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task ControlAsync(string path, object body) => (await client.PostAsJsonAsync($"{Stripe}/_control{path}", body)).EnsureSuccessStatusCode();

    /// <summary>A picture for people to look at, where TENDER_SHOTS names a folder.</summary>
    public static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TENDER_SHOTS") is { } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>Waits until the address holds a text; looks, instead of listening for a navigation that may be over already.</summary>
    public static async Task ArrivesAsync(IPage page, string part)
    {
        for (var tries = 0; tries < 200 && !page.Url.Contains(part, StringComparison.Ordinal); tries++) await Task.Delay(100);
        page.Url.ShouldContain(part, Case.Sensitive, await page.Locator("body").InnerTextAsync());
    }

    private async Task<WebApplication> OpenShopAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", (string secret, string? theme, string? redirect) => Results.Content(Page(secret, theme ?? "stripe", redirect ?? "if_required"), "text/html"));
        app.MapGet("/back", () => Results.Content("<!doctype html><title>Back</title><h1>Back at the shop</h1>", "text/html"));
        await app.StartAsync();
        return app;
    }

    private string Page(string secret, string theme, string redirect) => $$"""
        <!doctype html>
        <html lang="en"><head><title>Shop</title><meta name="viewport" content="width=device-width">
        <style>body { margin: 0; font: 16px sans-serif; color-scheme: {{(theme is "night" ? "dark" : "light")}}; background: Canvas; color: CanvasText } main { max-width: 440px; margin: auto; padding: 24px; display: grid; gap: 16px }</style></head>
        <body><main><h1>Shop</h1><div id="slot"></div><button id="pay">Pay</button><p id="said" role="status"></p></main>
        <script src="{{Stripe}}/stripe/js/stripe.js"></script>
        <script>
        const stripe = Stripe('pk_test_tenderdemo0000000000000001');
        const elements = stripe.elements({ clientSecret: '{{secret}}', appearance: { theme: '{{theme}}' } });
        const element = elements.create('payment');
        const said = document.getElementById('said');
        element.on('ready', () => { said.textContent = 'ready'; });
        element.on('loaderror', ({ error }) => { said.textContent = `loaderror ${error.code ?? error.type}`; });
        element.on('change', ({ complete }) => { document.body.dataset.complete = complete; });
        element.mount('#slot');
        document.getElementById('pay').onclick = async () => {
          const result = await stripe.confirmPayment({ elements, confirmParams: { return_url: `${location.origin}/back?order=7` }, redirect: '{{redirect}}' });
          said.textContent = result.error ? `error ${result.error.type} ${result.error.code}` : `done ${result.paymentIntent.status}`;
        };
        </script></body></html>
        """;
}
