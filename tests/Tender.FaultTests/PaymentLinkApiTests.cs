using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tender.FaultTests;

/// <summary>The calls that make, list and change payment links.</summary>
public sealed class PaymentLinkApiTests(Shop shop) : IClassFixture<Shop>
{
    public static TheoryData<string, object, string> Contradictions() => new()
    {
        { "a sum without its amount", new { title = "x", kind = "amount" }, "amount" },
        { "a sum of a product", new { title = "x", kind = "amount", amount = 100, productId = "prod_x" }, "productId" },
        { "a sum with a quantity", new { title = "x", kind = "amount", amount = 100, quantity = 2 }, "quantity" },
        { "a fixed sum with a least", new { title = "x", kind = "amount", amount = 100, amountMin = 50 }, "amountMin" },
        { "a chosen sum with an amount", new { title = "x", kind = "choose", amount = 100 }, "amount" },
        { "a most below the least", new { title = "x", kind = "choose", amountMin = 100, amountMax = 99 }, "amountMax" },
        { "a suggestion below the least", new { title = "x", kind = "choose", amountMin = 100, suggestedAmounts = new[] { 99 } }, "suggestedAmounts" },
        { "a suggestion of nothing", new { title = "x", kind = "choose", suggestedAmounts = new[] { 0 } }, "suggestedAmounts" },
        { "no product", new { title = "x", kind = "product" }, "productId" },
        { "an unknown product", new { title = "x", kind = "product", productId = "prod_x" }, "productId" },
        { "an end that is over", new { title = "x", kind = "amount", amount = 100, expiresAt = "2020-01-01T00:00:00Z" }, "expiresAt" },
    };

    [Theory, MemberData(nameof(Contradictions))]
    public async Task What_does_not_go_together_is_refused_by_field(string what, object fields, string field)
    {
        var answer = await shop.LinkAsync(fields, HttpStatusCode.UnprocessableEntity);

        answer.Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field], what);
    }

    [Theory]
    [InlineData("amount", 0)]
    [InlineData("amount", -5)]
    [InlineData("amount", 1_000_000_000_001)]
    [InlineData("limit", 0)]
    public async Task A_number_out_of_bounds_is_refused_by_field(string field, long number)
    {
        var fields = new Dictionary<string, object> { ["title"] = "x", ["kind"] = "amount", ["amount"] = 100 };
        fields[field] = number;

        var answer = await shop.LinkAsync(fields, HttpStatusCode.BadRequest);

        answer.Body.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(answer.Body.ToString());
    }

    [Fact]
    public async Task A_product_without_a_price_in_the_currency_and_a_free_one_are_refused()
    {
        (await shop.LinkAsync(new { title = "x", kind = "product", shop.Demo.ProductId, currency = "chf" }, HttpStatusCode.UnprocessableEntity)).Word("code").ShouldBe("no_price");
        var free = (await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/products", new { name = "Free", kind = "service", prices = new[] { new { currency = "usd", amount = 0 } } }))).Word("id");
        (await shop.LinkAsync(new { title = "x", kind = "product", productId = free }, HttpStatusCode.UnprocessableEntity)).Word("code").ShouldBe("nothing_to_pay");
    }

    [Fact]
    public async Task The_same_key_makes_one_link()
    {
        var ids = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payment-links") { Content = JsonContent.Create(new { title = "Once", kind = "amount", amount = 100 }) };
            request.Headers.Add("Idempotency-Key", "one link");
            ids.Add((await Answer.ReadAsync(await shop.Api.SendAsync(request))).Word("id"));
        }

        ids.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Links_are_listed_newest_first_by_cursor()
    {
        var made = new List<string>();
        foreach (var n in Enumerable.Range(0, 3)) made.Insert(0, (await shop.LinkAsync(new { title = $"Listed {n}", kind = "amount", amount = 100 })).Word("id"));

        var first = await GetAsync("/api/payment-links?limit=2");
        first.Body.GetProperty("hasMore").GetBoolean().ShouldBeTrue();
        IdsOf(first).ShouldBe(made[..2]);
        IdsOf(await GetAsync($"/api/payment-links?limit=1&startingAfter={made[1]}")).ShouldBe([made[2]]);
        (await GetAsync("/api/payment-links?startingAfter=link_x")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await GetAsync("/api/payment-links?limit=101")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await GetAsync("/api/payment-links/link_x")).Word("code").ShouldBe("unknown_payment_link");
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name_and_is_on_record()
    {
        var link = await shop.LinkAsync(new { title = "Before", kind = "amount", amount = 100, limit = 5, description = "Words" });

        var changed = await shop.ChangeLinkAsync(link, new { title = "After", expiresAt = "2099-01-01T00:00:00+02:00" });

        (changed.Word("title"), changed.Word("description"), changed.Body.GetProperty("limit").GetInt32(), changed.Word("expiresAt")).ShouldBe(("After", "Words", 5, "2098-12-31T22:00:00+00:00"));
        (await shop.ChangeLinkAsync(link, new { noExpiry = true })).Body.GetProperty("expiresAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await shop.ChangeLinkAsync(link, new { limit = 6, noLimit = true })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await shop.ChangeLinkAsync(link, new { isOpen = false });
        await shop.ChangeLinkAsync(link, new { isOpen = true });
        (await shop.ReadAsync<string>("select string_agg(action, ' ' order by seq) from audit where subject = @id", new { id = link.Word("id") }))
            .ShouldBe("payment_link.created payment_link.changed payment_link.changed payment_link.closed payment_link.opened");
    }

    [Fact]
    public async Task A_product_that_is_archived_or_loses_its_price_ends_its_link_for_as_long()
    {
        var product = (await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/v1/products", new { name = "Old", kind = "service", prices = new[] { new { currency = "usd", amount = 500 } } }))).Word("id");
        var link = await shop.LinkAsync(new { title = "Old", kind = "product", productId = product });
        await shop.Api.DeleteAsync(new Uri($"/api/v1/products/{product}", UriKind.Relative));

        (await shop.LinkNowAsync(link)).Word("status").ShouldBe("off_sale");
        var payer = shop.Payer();
        await payer.OpenAsync(link.Word("url"));
        (payer.Status, payer.Page.Contains("not sold any more", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Gone, true));
    }

    private async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await shop.Api.GetAsync(new Uri(path, UriKind.Relative)));

    private static IEnumerable<string?> IdsOf(Answer page) => page.Body.GetProperty("data").EnumerateArray().Select(link => link.GetProperty("id").GetString());
}
