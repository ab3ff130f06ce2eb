using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;

namespace Tender.JourneyTests.Console;

/// <summary>Every part, seen as people see it: wide and narrow, light and dark, with the keyboard, without scripts.</summary>
public sealed class GalleryTests(GallerySite site) : IClassFixture<GallerySite>
{
    private static readonly string[] Pages =
    [
        "/console/gallery", "/console/gallery/payments", "/console/gallery/payments?state=empty", "/console/gallery/payments?state=loading",
        "/console/gallery/payments?state=failing", "/console/gallery/payment", "/console/gallery/forms", "/console/gallery/sign-in", "/console/gallery/pay",
    ];

    public static TheoryData<string> Paths => [.. Pages];

    [Theory, MemberData(nameof(Paths))]
    public async Task A_page_passes_axe_fits_its_width_and_breaks_no_policy(string path)
    {
        var (page, faults) = await OpenAsync(path);
        foreach (var width in new[] { 1440, 390 })
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await PageLook.TakeAsync(page, width, scheme);
                (await PageLook.FaultsAsync(page)).ShouldBeEmpty($"{width} {scheme}");
                (await PageLook.OverAsync(page)).ShouldBe(0, $"{width} {scheme}");
            }

        faults.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Nothing_is_loaded_from_elsewhere_and_nothing_is_inline()
    {
        var context = await site.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);

        foreach (var path in Pages)
        {
            var answer = await page.GotoAsync(new Uri(site.Address, path).AbsoluteUri, new() { WaitUntil = WaitUntilState.NetworkIdle });
            answer!.Headers["content-security-policy"].ShouldContain("default-src 'none'");
            answer.Headers["content-security-policy"].ShouldNotContain("unsafe");
            (await answer.TextAsync()).ShouldNotContain(" style=");
        }

        asked.ShouldAllBe(url => url.StartsWith(site.Address.AbsoluteUri) || url.StartsWith("data:"));
        await context.CloseAsync();
    }

    [Fact]
    public async Task Rows_are_walked_and_opened_with_the_keyboard_alone()
    {
        var (page, _) = await OpenAsync("/console/gallery/payments");

        await page.Locator(".filters-apply").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("Control+k");
        (await page.EvaluateAsync<string>("document.activeElement.name")).ShouldBe("search");
        await page.Locator(".row-link").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowUp");
        (await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')")).ShouldEndWith("8e3");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/payment\\?id=.*8e3$"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task On_a_phone_the_keyboard_reaches_everything_is_always_seen_and_gets_out_again()
    {
        const string Seen = """
            () => {
              const { activeElement: at } = document;
              const { outlineStyle, outlineWidth } = getComputedStyle(at);
              const { top, bottom, width } = at.getBoundingClientRect();
              return at !== document.body && (outlineStyle === 'none' || parseFloat(outlineWidth) < 1 || bottom <= 0 || top >= innerHeight || width === 0) && at.type !== 'date' ? at.outerHTML : '';
            }
            """;
        var (page, _) = await OpenAsync("/console/gallery/payments", new() { ViewportSize = new() { Width = 390, Height = 800 } });
        var steps = 0;
        do
        {
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<string>(Seen)).ShouldBeEmpty($"after {++steps} steps");
        }
        while (steps < 200 && await page.EvaluateAsync<bool>("document.activeElement !== document.body"));

        steps.ShouldBeInRange(20, 199);
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.className")).ShouldBe("skip");
        await page.Keyboard.PressAsync("Enter");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("main");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_filter_is_applied_at_once_and_stands_in_the_address()
    {
        var (page, _) = await OpenAsync("/console/gallery/payments?sort=-amount&startingAfter=pay_1");

        await page.Locator(".filters-apply").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.SelectOptionAsync("#filter-status", "failed");

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/payments\\?status=failed&sort=-amount$"));
        (await page.Locator("th[aria-sort=descending]").TextContentAsync()).ShouldBe("Amount");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_question_keeps_the_keyboard_inside_and_escape_takes_it_back()
    {
        var (page, _) = await OpenAsync("/console/gallery/payment");

        await page.Locator("button[aria-haspopup=dialog]").ClickAsync();
        (await page.EvaluateAsync<bool>("document.querySelector('dialog').matches(':modal')")).ShouldBeTrue();
        for (var press = 0; press < 5; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<bool>("document.activeElement === document.body || !!document.activeElement.closest('dialog')")).ShouldBeTrue();
        }

        await page.Keyboard.PressAsync("Escape");
        (await page.Locator("dialog").IsVisibleAsync()).ShouldBeFalse();
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("Refund 49.00 USD");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_chosen_theme_is_there_before_the_first_drawing_and_stays()
    {
        var (page, _) = await OpenAsync("/console/gallery", new() { ColorScheme = ColorScheme.Light });
        var light = await BackgroundAsync(page);

        await page.Locator(".menu-user > summary").ClickAsync();
        await page.Locator("[data-theme-choice=dark]").ClickAsync();
        var dark = await BackgroundAsync(page);
        await page.GotoAsync(new Uri(site.Address, "/console/gallery/forms").AbsoluteUri, new() { WaitUntil = WaitUntilState.DOMContentLoaded });

        dark.ShouldNotBe(light);
        (await BackgroundAsync(page)).ShouldBe(dark);
        await Assertions.Expect(page.Locator("[data-theme-choice=dark]")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_chart_is_drawn_anew_in_the_other_theme_and_in_less_room()
    {
        const string Drawn = "[...document.querySelectorAll('.chart-plot')].map(plot => plot.querySelector('canvas').getBoundingClientRect().width - plot.clientWidth)";
        var (page, _) = await OpenAsync("/console/gallery", new() { ColorScheme = ColorScheme.Light });
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Dark), (390, ColorScheme.Light) })
        {
            await PageLook.TakeAsync(page, width, scheme);
            var missing = await page.EvaluateAsync<int[]>(Drawn);
            missing.ShouldNotBeEmpty();
            missing.ShouldAllBe(pixels => pixels == 0, $"{width} {scheme}");
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_mode_is_switched_and_test_is_unmistakable()
    {
        var (page, _) = await OpenAsync("/console/gallery/payments?status=failed");
        (await page.Locator(".stripes").IsVisibleAsync()).ShouldBeTrue();
        (await page.Locator(".test-word").TextContentAsync()).ShouldBe("Test");

        await page.GetByRole(AriaRole.Button, new() { Name = "Live" }).ClickAsync();

        await Assertions.Expect(page.Locator(".stripes")).ToHaveCountAsync(0);
        page.Url.ShouldEndWith("/payments?status=failed");
        (await page.GetByRole(AriaRole.Button, new() { Name = "Live" }).GetAttributeAsync("aria-pressed")).ShouldBe("true");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_scripts_pages_still_serve_and_no_secret_can_be_typed()
    {
        var (page, _) = await OpenAsync("/console/gallery/forms", new() { JavaScriptEnabled = false });
        (await page.Locator("[data-seal]").First.IsDisabledAsync()).ShouldBeTrue();
        (await page.GetByText("the script did not run").First.IsVisibleAsync()).ShouldBeTrue();

        await page.GotoAsync(new Uri(site.Address, "/console/gallery").AbsoluteUri);
        (await page.Locator(".chart-table td").First.IsVisibleAsync()).ShouldBeTrue();

        await page.GotoAsync(new Uri(site.Address, "/console/gallery/payment").AbsoluteUri);
        await page.Locator("button[popovertarget=refund]").First.ClickAsync();
        (await page.Locator("dialog").IsVisibleAsync()).ShouldBeTrue();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_payer_page_weighs_less_than_60_KB()
    {
        var context = await site.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var bytes = 0;
        page.Response += async (_, answer) => Interlocked.Add(ref bytes, (await answer.BodyAsync()).Length);

        await page.GotoAsync(new Uri(site.Address, "/console/gallery/pay").AbsoluteUri, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.WaitForTimeoutAsync(200);

        bytes.ShouldBeInRange(5_000, 60_000);
        await context.CloseAsync();
    }

    [Fact]
    public async Task The_gallery_is_not_there_in_production_but_the_embed_is_for_every_origin()
    {
        await using var production = await GallerySite.StartAsync(Environments.Production);
        using var http = new HttpClient { BaseAddress = GallerySite.AddressOf(production) };

        (await http.GetAsync(new Uri("/console/gallery", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var script in new[] { "/tender.js", "/tender.mjs" })
        {
            var embed = await http.GetAsync(new Uri(script, UriKind.Relative));
            embed.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
            embed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        }
    }

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private async Task<(IPage Page, List<string> Faults)> OpenAsync(string path, BrowserNewContextOptions? options = null)
    {
        var context = await site.Browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, said) =>
        {
            if (said.Type is "error") faults.Add(said.Text);
        };
        await page.GotoAsync(new Uri(site.Address, path).AbsoluteUri, new() { WaitUntil = WaitUntilState.NetworkIdle });
        return (page, faults);
    }
}
