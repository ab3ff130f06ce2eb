using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tender.FaultTests;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.JourneyTests.Console;

/// <summary>A whole installation whose tenant has lived for a month, an empty tenant beside it, and a browser that signs in.</summary>
public sealed class ConsoleSite : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    private readonly Shop shop = new();
    private IPlaywright playwright = null!;

    internal Shop Shop => shop;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>A payment with everything: paid, partly refunded, overpaid.</summary>
    public string PaidId { get; private set; } = "";

    public string LongId { get; private set; } = "";

    public string MessageId { get; private set; } = "";

    /// <summary>An API key that was used on most days.</summary>
    public string KeyId { get; private set; } = "";

    public string ConnectionId { get; private set; } = "";

    internal (string Busy, string Odd) Links { get; private set; }

    internal TenantDb Db { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await shop.InitializeAsync();
        Db = await shop.TenantAsync();
        await ConsoleMonth.SellAsync(shop, Db);
        await BrowseAsync();
        await ConsoleMonth.SufferAsync(Db);
        await ConsoleMonth.StrangersAsync(shop.Get<OwnerDb>(), Db);
        KeyId = await ConsoleMonth.UseKeyAsync(shop.Get<OwnerDb>(), Db);
        Links = await ConsoleMonth.LinksAsync(shop, Db);
        PaidId = await shop.ReadAsync<string>("select payment_id from refunds order by created_at limit 1");
        LongId = ConsoleMonth.LongId;
        ConnectionId = await shop.ReadAsync<string>("select id from connections order by created_at limit 1");
        await Shop.UntilAsync("a kept mail", async () => await shop.ReadAsync<int>("select count(*)::int from messages") > 0);
        MessageId = await shop.ReadAsync<string>("select id from messages order by created_at limit 1");
        await MakeMembersAsync();
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        await shop.DisposeAsync();
    }

    /// <summary>A browser of its own, signed in through the page as people do.</summary>
    public async Task<IPage> SignInAsync(string email, string password = Password)
    {
        var context = await Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(At("/console"));
        await page.FillAsync("input[name=email]", email);
        await page.FillAsync("input[name=password]", password);
        await page.Locator("form button.button-main").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("^[^?]*/console"));
        return page;
    }

    public string At(string path) => new Uri(new Uri(shop.Demo.BaseUrl), path).AbsoluteUri;

    // The README's picture is taken here, when pictures are asked for, before things go wrong.
    private async Task BrowseAsync()
    {
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
        if (Environment.GetEnvironmentVariable("TENDER_PICTURES") is not { } pictures) return;
        var page = await SignInAsync(shop.Demo.Owner.Email, shop.Demo.Owner.Password);
        await page.SetViewportSizeAsync(1440, 900);
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, "console.png") });
        await page.Context.CloseAsync();
    }

    private async Task MakeMembersAsync()
    {
        var create = shop.Get<CreateMember>();
        var tenant = await shop.Get<CreateTenant>().RunAsync("empty-hall", "مسرح النور الصغير في الميناء القديم", "eur", "pro", default);
        foreach (var (email, name, code, role) in new[]
        {
            ("viewer@demo.example", "Vera Viewer", shop.Demo.TenantId, "viewer"),
            ("operator@demo.example", "Otto Operator", shop.Demo.TenantId, "operator"),
            ("new@hall.example", "نور", tenant.Code, "admin"),
        })
            (await create.RunAsync(email, Password, name, code, role, false, default)).ShouldBeOfType<CreateMember.Outcome.Made>();
    }
}
