using System.Net.Http.Json;
using System.Text.Json;

namespace Tender.Tests.Server.Hosting.OpenApi;

/// <summary>What is wrong with a request is said in a caller's words, under the JSON's name for the field.</summary>
public sealed class PlainWordsTests(ApiSite site) : IClassFixture<ApiSite>
{
    [Fact]
    public async Task A_rule_that_is_broken_is_told_without_words_of_NET()
    {
        await SaidAsync("/api/payments", new { amount = 1, currency = "usd", description = new string('x', 501), payerEmail = "nobody", returnUrl = "https://shop.example/" }, new()
        {
            ["description"] = "must have at most 500 characters",
            ["payerEmail"] = "must be an e-mail address",
        });
        await SaidAsync("/api/v1/products", new { name = "x", kind = "ticket", prices = Array.Empty<object>(), stock = -1, description = new string('x', 5001) }, new()
        {
            ["prices"] = "must have at least 1 entry",
            ["stock"] = "must be a whole number from 0 to 10000000",
            ["description"] = "must have at most 5000 characters",
        });
        await SaidAsync("/api/v1/products", new { name = new string('x', 201), kind = "ticket", prices = new[] { new { currency = "usd", amount = -1 } } }, new()
        {
            ["name"] = "must have 1 to 200 characters",
            ["prices[0].amount"] = "must be a whole number from 0 to 1000000000000",
        });
    }

    [Theory]
    [InlineData("status=bogus", "status")]
    [InlineData("status=Succeeded", "status")]
    [InlineData("currency=zz9", "currency")]
    [InlineData("provider=nobody", "provider")]
    [InlineData("from=notadate", "from")]
    [InlineData("to=notadate", "to")]
    [InlineData("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("search=%00", "search")]
    [InlineData("startingAfter=a%00b", "startingAfter")]
    public async Task A_filter_that_means_nothing_is_named(string query, string field)
    {
        using var shop = site.Open(site.Demo.ApiKey);

        using var answer = await shop.GetAsync(new Uri($"/api/payments?{query}", UriKind.Relative));

        ((int)answer.StatusCode).ShouldBe(400, query);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
    }

    [Fact]
    public async Task A_filter_that_fits_nothing_is_answered()
    {
        using var shop = site.Open(site.Demo.ApiKey);

        using var answer = await shop.GetAsync(new Uri("/api/payments?status=canceled&currency=JPY&provider=stripe&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z", UriKind.Relative));

        ((int)answer.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("a b@c.co")]
    [InlineData("x>,<y@b.co")]
    [InlineData("<a@b.co>")]
    [InlineData("a\u0001@b.co")]
    [InlineData("a@b@c.co")]
    public async Task An_address_that_no_mail_could_be_sent_to_is_refused(string email)
    {
        await SaidAsync("/api/payments", new { amount = 1000, currency = "usd", payerEmail = email, returnUrl = "https://shop.example/" }, new() { ["payerEmail"] = "must be an e-mail address" });
        await SaidAsync("/api/v1/checkout/sessions", new { site.Demo.ProductId, customerEmail = email }, new() { ["customerEmail"] = "must be an e-mail address" });
    }

    private async Task SaidAsync(string path, object body, Dictionary<string, string> expected)
    {
        using var shop = site.Open(site.Demo.ApiKey);
        using var answer = await shop.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        errors.EnumerateObject().ToDictionary(error => error.Name, error => error.Value[0].GetString()!).ShouldBe(expected, ignoreOrder: true);
    }
}
