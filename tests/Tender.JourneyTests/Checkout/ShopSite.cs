using System.Diagnostics;
using Microsoft.Playwright;
using Tender.FaultTests;

namespace Tender.JourneyTests.Checkout;

/// <summary>The example shop as it is shipped, on its own origin, selling through a whole installation; and a browser in front of it.</summary>
public sealed class ShopSite : IAsyncLifetime
{
    private readonly Process shop = new();
    private IPlaywright playwright = null!;

    public Shop Tender { get; } = new();

    public IBrowser Browser { get; private set; } = null!;

    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await Tender.InitializeAsync();
        await OpenShopAsync();
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        if (!shop.HasExited) shop.Kill(entireProcessTree: true);
        await shop.WaitForExitAsync();
        shop.Dispose();
        await Tender.DisposeAsync();
    }

    private async Task OpenShopAsync()
    {
        var port = Tender.Settings.Port + 1;
        Address = $"http://localhost:{port}";
        shop.StartInfo = new("dotnet", ["run", Path.Combine(RepositoryRoot(), "examples", "shop", "shop.cs")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        shop.StartInfo.Environment["TENDER_URL"] = Tender.Demo.BaseUrl;
        shop.StartInfo.Environment["TENDER_KEY"] = Tender.Demo.ApiKey;
        shop.StartInfo.Environment["PRODUCT_ID"] = Tender.Demo.ProductId;
        shop.StartInfo.Environment["PORT"] = $"{port}";
        shop.Start();
        shop.BeginOutputReadLine();
        shop.BeginErrorReadLine();
        using var http = new HttpClient();
        await Shop.UntilAsync("the shop is open", async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, seconds: 180);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tender.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
