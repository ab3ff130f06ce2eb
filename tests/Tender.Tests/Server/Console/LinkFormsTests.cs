using System.Net;
using Tender.Domain.Providers;
using Tender.Server.Products;
using Tender.Server.Surfaces.PaymentLinks;
using Tender.Tests.Server.Members;

namespace Tender.Tests.Server.Console;

/// <summary>Links as an operator makes and changes them in the console.</summary>
public sealed class LinkFormsTests(ConsoleApp app) : IClassFixture<ConsoleApp>
{
    [Fact]
    public async Task An_operator_makes_a_link_changes_it_closes_it_and_opens_it_again()
    {
        var product = (await app.Get<CreateProduct>().RunAsync(app.Db, new("Boat trip", "ticket", [new("usd", 1500)], null, null, null), app.CallerOf(app.Db), null, default)).Id;
        var browser = await OpenAsync("/console/links/new");
        await browser.SubmitAsync("link", ("title", "Boat trip on Sunday"), ("product", $"{product}:usd"), ("quantity", "1"), ("quantityMax", "6"), ("limit", "40"), ("expiresAt", "2099-06-01T18:00"));

        browser.Page.ShouldContain("Made. Share its address");
        var made = await LinkAsync(browser);
        (made.Title, made.ProductId, made.Currency, made.UnitMinor, made.QuantityMax, made.Limit, made.ExpiresAt).ShouldBe(
            ("Boat trip on Sunday", product, "usd", 1500, 6, 40, new DateTimeOffset(2099, 6, 1, 18, 0, 0, TimeSpan.Zero)));
        browser.Page.ShouldContain($"/pay/l/{made.Code}");

        await browser.SubmitAsync("link", ("title", "Boat trip"), ("description", "Bring a coat."), ("limit", ""), ("expiresAt", ""));
        var changed = await LinkAsync(browser);
        (changed.Title, changed.Description, changed.Limit, changed.ExpiresAt, changed.QuantityMax).ShouldBe(("Boat trip", "Bring a coat.", null, null, 6));

        await browser.SubmitAsync($"/console/links/{made.Id}/close");
        (await LinkAsync(browser)).IsOpen.ShouldBeFalse();
        await browser.SubmitAsync($"/console/links/{made.Id}/open");
        (await LinkAsync(browser)).IsOpen.ShouldBeTrue();
        (await app.Db.QuerySingleOrDefaultAsync<string>("select string_agg(action, ' ' order by seq) from audit where subject = @Id", new { made.Id }, default))
            .ShouldBe("payment_link.created payment_link.changed payment_link.closed payment_link.opened");
    }

    [Fact]
    public async Task A_sum_that_the_payer_chooses_is_typed_in_major_units()
    {
        var browser = await OpenAsync("/console/links/new?kind=choose");
        await browser.SubmitAsync("link", ("title", "Tips"), ("currency", "eur"), ("amountMin", "2"), ("amountMax", "500.00"), ("suggestedAmounts", "5\n10,00\n20.00"));

        var made = await LinkAsync(browser);
        (made.Currency, made.AmountMin, made.AmountMax).ShouldBe(("eur", 200, 50_000));
        made.Suggested.ShouldBe([500, 1000, 2000]);
    }

    [Theory]
    [InlineData("amount", "", "10", "currency", "EUR", "Give it a title.")]
    [InlineData("amount", "A title", "", "currency", "EUR", "A fixed sum needs its amount.")]
    [InlineData("amount", "A title", "10.001", "currency", "EUR", "is no sum")]
    [InlineData("amount", "A title", "0", "currency", "EUR", "Write a sum above 0.")]
    [InlineData("amount", "A title", "-1", "currency", "EUR", "is no sum")]
    [InlineData("amount", "A title", "10", "currency", "XXX", "Must be an ISO 4217 code")]
    [InlineData("amount", "A title", "10", "limit", "many", "Write a whole number")]
    [InlineData("amount", "A title", "10", "limit", "0", "It must be a whole number from 1")]
    [InlineData("amount", "A title", "10", "expiresAt", "2001-01-01T00:00", "That time is over already.")]
    [InlineData("amount", "A title", "10", "expiresAt", "soon", "Write a day and a time")]
    [InlineData("amount", "A title", "99999999999", "currency", "EUR", "more than a link can ask for")]
    [InlineData("choose", "A title", "", "amountMax", "x", "is no sum")]
    [InlineData("choose", "A title", "", "suggestedAmounts", "1\n0", "Write a sum above 0.")]
    public async Task What_cannot_be_a_link_is_told_beside_its_field_and_what_was_typed_stays(string kind, string title, string amount, string field, string typed, string said)
    {
        var before = await app.Db.QuerySingleOrDefaultAsync<int>("select count(*)::int from payment_links", null, default);
        var browser = await OpenAsync($"/console/links/new?kind={kind}");
        var form = new Dictionary<string, string> { ["title"] = title, ["amount"] = amount, ["currency"] = "EUR", ["description"] = "typed before", [field] = typed };
        await browser.SubmitAsync("link", [.. form.Select(one => (one.Key, one.Value))]);

        WebUtility.HtmlDecode(browser.Page).ShouldContain(said);
        browser.Page.ShouldContain("typed before");
        (await app.Db.QuerySingleOrDefaultAsync<int>("select count(*)::int from payment_links", null, default)).ShouldBe(before);
    }

    [Fact]
    public async Task Its_code_can_be_printed_by_its_tenant_alone()
    {
        var browser = await OpenAsync("/console/links/new?kind=amount");
        await browser.SubmitAsync("link", ("title", "Poster"), ("currency", "EUR"), ("amount", "3.50"));
        var link = await LinkAsync(browser);

        await browser.OpenAsync($"/console/links/{link.Id}/qr.svg");
        (browser.Last.Content.Headers.ContentType!.MediaType, browser.Page.StartsWith("<svg", StringComparison.Ordinal)).ShouldBe(("image/svg+xml", true));
        await browser.OpenAsync($"/console/links/{link.Id}/qr.png");
        (await browser.Last.Content.ReadAsByteArrayAsync()).AsSpan(1).StartsWith("PNG"u8).ShouldBeTrue();
        browser.Last.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");

        var other = await app.SignedInAsync("admin@other.example");
        foreach (var path in new[] { $"/console/links/{link.Id}", $"/console/links/{link.Id}/qr.svg", $"/console/links/{link.Id}/qr.png" })
        {
            await other.OpenAsync(path);
            (other.Status, other.Page.Contains("Poster", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.NotFound, false), path);
        }
    }

    private async Task<FormBrowser> OpenAsync(string path)
    {
        var browser = await app.SignedInAsync("operator@acme.example");
        await browser.OpenAsync(path);
        return browser;
    }

    private async Task<PaymentLink> LinkAsync(FormBrowser browser)
    {
        browser.At.ShouldStartWith("/console/links/link_", Case.Sensitive, WebUtility.HtmlDecode(browser.Page));
        return (await ReadLinks.OneAsync(app.Db, Mode.Test, browser.At.Split('/')[^1], default)).ShouldNotBeNull();
    }
}
