using Microsoft.Playwright;

namespace Tender.JourneyTests.Console;

/// <summary>Every page of the console, signed in through the sign-in page, as people see it: wide and narrow, light and dark, full, empty and strange.</summary>
public sealed class ConsolePagesTests(ConsoleSite site) : IClassFixture<ConsoleSite>
{
    // Named, it gets a picture of each page in each look; nothing of that is kept in the repository.
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("TENDER_PICTURES");

    private (string Name, string Path)[] Pages =>
    [
        ("home", "/console"), ("home-eur", "/console?currency=eur"),
        ("payments", "/console/payments"), ("payments-filtered", "/console/payments?status=failed"), ("payments-none", "/console/payments?search=nobody@example.com"),
        ("payment", $"/console/payments/{site.PaidId}"), ("payment-odd", $"/console/payments/{site.LongId}"), ("payment-unknown", "/console/payments/pay_x"),
        ("cases", "/console/cases"), ("cases-decided", "/console/cases?state=closed"),
        ("products", "/console/products"), ("products-archived", "/console/products?state=archived"), ("product-new", "/console/products/new"),
        ("product", $"/console/products/{site.Shop.Demo.ProductId}"), ("product-long", $"/console/products/prod_{site.Shop.Demo.TenantId}_longlonglong"),
        ("links", "/console/links"), ("link-new", "/console/links/new"), ("link-new-amount", "/console/links/new?kind=amount"), ("link-new-choose", "/console/links/new?kind=choose"),
        ("link", $"/console/links/{site.Links.Busy}"), ("link-odd", $"/console/links/{site.Links.Odd}"),
        ("orders", "/console/orders"), ("tiers", "/console/tiers"),
        ("messages", "/console/messages"), ("message", $"/console/messages/{site.MessageId}"), ("messages-none", "/console/messages?state=waiting"),
        ("connections", "/console/connections"), ("connection", $"/console/connections/{site.ConnectionId}"), ("connection-new", "/console/connections/new"), ("connection-new-stripe", "/console/connections/new/stripe"),
        ("api-keys", "/console/api-keys"), ("api-key", $"/console/api-keys/{site.KeyId}"), ("webhooks", "/console/webhooks"), ("webhooks-none", "/console/webhooks?search=evt_none"), ("platform-webhooks", "/console/platform-webhooks"), ("team", "/console/team"), ("settings", "/console/settings"), ("audit", "/console/audit"), ("account", "/console/account"), ("tenants", "/console/tenants"),
    ];

    [Fact]
    public async Task Every_page_of_a_busy_tenant_passes_axe_fits_its_width_and_breaks_nothing() =>
        await WalkAsync(await site.SignInAsync(site.Shop.Demo.Owner.Email, site.Shop.Demo.Owner.Password), "busy", Pages);

    [Fact]
    public async Task Every_page_of_a_new_tenant_leads_on() =>
        await WalkAsync(await site.SignInAsync("new@hall.example"), "new",
        [
            ("home", "/console"), ("payments", "/console/payments"), ("cases", "/console/cases"), ("cases-decided", "/console/cases?state=closed"), ("products", "/console/products"),
            ("products-archived", "/console/products?state=archived"), ("links", "/console/links"), ("link-new", "/console/links/new"), ("orders", "/console/orders"), ("tiers", "/console/tiers"), ("messages", "/console/messages"), ("connections", "/console/connections"), ("webhooks", "/console/webhooks"), ("api-keys", "/console/api-keys"),
            ("settings", "/console/settings"), ("audit", "/console/audit"),
        ]);

    [Fact]
    public async Task A_viewer_sees_every_page_and_not_one_button_that_changes_the_tenant()
    {
        var page = await site.SignInAsync("viewer@demo.example");
        foreach (var (name, path) in Pages.Where(page => page.Name is not ("product-new" or "link-new" or "link-new-amount" or "link-new-choose" or "connection-new" or "connection-new-stripe" or "audit" or "tenants" or "platform-webhooks" or "account" or "payment-unknown")))
        {
            (await page.GotoAsync(site.At(path)))!.Status.ShouldBe(200, path);
            var forms = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main form[method=post]')].map(form => form.action)");
            forms.ShouldBeEmpty(name);
        }

        foreach (var path in new[] { "/console/products/new", "/console/links/new", "/console/audit" })
        {
            await page.GotoAsync(site.At(path));
            page.Url.ShouldEndWith("/console/not-yours");
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Every_link_of_the_navigation_leads_to_its_page()
    {
        var page = await site.SignInAsync(site.Shop.Demo.Owner.Email, site.Shop.Demo.Owner.Password);
        var links = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.side .nav-link')].map(link => link.href)");

        links.Length.ShouldBeGreaterThan(9);
        foreach (var link in links)
        {
            (await page.GotoAsync(link))!.Status.ShouldBe(200, link);
            page.Url.ShouldBe(link);
            (await page.Locator(".side .nav-link[aria-current=page]").GetAttributeAsync("href")).ShouldBe(new Uri(link).AbsolutePath);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_operator_accepts_the_refund_that_a_case_offers()
    {
        var payment = await site.Shop.PaidAsync();
        var caseId = $"case_{site.Shop.Demo.TenantId}_accepted";
        await site.Db.ExecuteAsync("""
            update payments set amount_minor = amount_minor - 125, exception = 'overpaid' where id = @payment;
            insert into cases (id, payment_id, kind, detail, opened_at) values (@caseId, @payment, 'overpaid', '1.25 USD over.', now());
            """, new { payment, caseId }, default);
        var page = await site.SignInAsync("operator@demo.example");
        await page.GotoAsync(site.At($"/console/payments/{payment}"), new() { WaitUntil = WaitUntilState.NetworkIdle });

        await page.Locator(".notice button[aria-haspopup=dialog]").Filter(new() { HasText = "1.25" }).ClickAsync();
        await page.Locator($"dialog#refund-{caseId} button[type=submit]").ClickAsync();
        await page.Locator(".toast").WaitForAsync();

        (await page.Locator(".toast p").TextContentAsync())!.ShouldContain("1.25 USD");
        (await page.Locator($"#close-{caseId}").CountAsync()).ShouldBe(0);
        (await site.Shop.ReadAsync<long>("select amount_minor from refunds where payment_id = @payment", new { payment })).ShouldBe(125);
        (await site.Shop.ReadAsync<string>("select outcome from cases where id = @caseId", new { caseId })).ShouldBe("1.25 USD refunded.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_story_of_a_payment_says_what_each_word_was_about_and_shows_it_as_it_can_be_read()
    {
        var page = await site.SignInAsync(site.Shop.Demo.Owner.Email, site.Shop.Demo.Owner.Password);
        await page.GotoAsync(site.At($"/console/payments/{site.PaidId}"));

        var told = await page.Locator(".moment-title").AllTextContentsAsync();
        told.Count(line => line.EndsWith(" says: payment succeeded", StringComparison.Ordinal)).ShouldBe(1);
        told.Count(line => line.EndsWith(" says: refund succeeded", StringComparison.Ordinal)).ShouldBe(1);
        told.ShouldContain(line => line.StartsWith("Webhook repeats: ", StringComparison.Ordinal));
        (await page.Locator(".evidence pre").First.TextContentAsync())!.Split('\n').Length.ShouldBeGreaterThan(10);
        await page.Context.CloseAsync();
    }

    private async Task WalkAsync(IPage page, string tenant, IReadOnlyList<(string Name, string Path)> pages)
    {
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add($"{page.Url}: {fault}");
        page.Console += (_, said) =>
        {
            // A page that is not there is answered with 404, and the browser says so.
            if (said.Type is "error" && !said.Text.Contains("404", StringComparison.Ordinal)) faults.Add($"{page.Url}: {said.Text}");
        };
        foreach (var (name, path) in pages)
        {
            await page.GotoAsync(site.At(path), new() { WaitUntil = WaitUntilState.NetworkIdle });
            page.Url.ShouldBe(site.At(path));
            (await page.Locator("h1").CountAsync()).ShouldBe(1, path);
            foreach (var width in new[] { 1440, 390 })
                foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                    faults.AddRange(await FaultsAsync(page, $"{tenant}-{name}", width, scheme));
        }

        faults.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(IPage page, string name, int width, ColorScheme scheme)
    {
        await PageLook.TakeAsync(page, width, scheme);
        if (Pictures is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{width}-{scheme}.png"), FullPage = true });
        // Colours differ by scheme only and layout by width only: these two see all that four would.
        var isSeen = (width, scheme) is (1440, ColorScheme.Light) or (390, ColorScheme.Dark);
        var faults = isSeen ? [.. await PageLook.FaultsAsync(page)] : new List<string>();
        if (await PageLook.OverAsync(page) is > 0 and var over) faults.Add($"{over} pixels too wide");
        return [.. faults.Select(fault => $"{name} {width} {scheme} {fault}")];
    }
}
