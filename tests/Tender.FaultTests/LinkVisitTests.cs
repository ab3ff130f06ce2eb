using System.Net;
using Tender.Tests.Server.Members;
using static Tender.FaultTests.LinkSite;

namespace Tender.FaultTests;

/// <summary>Who comes by a link is known again however they typed it, and is told alike, on each page, whom they pay.</summary>
public sealed partial class LinkVisitTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Who_goes_back_to_an_earlier_order_of_the_same_form_holds_one_place_and_can_pay()
    {
        var link = await shop.LinkAsync(new { title = "What you like", kind = "choose", currency = "usd", limit = 1 });
        var payer = shop.Payer();
        await payer.OpenAsync(link.Word("url"));
        var form = Form().Match(payer.Page).Groups[1].Value;
        var sessions = new List<string>();
        foreach (var amount in new[] { "5.00", "6.00", "5.00" }) sessions.Add(await SendAsync(payer, link, form, amount));

        sessions.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        (await shop.ReadAsync<string>("select string_agg(p.status || ' ' || p.amount_minor, ', ') from payments p join checkout_sessions s on s.payment_id = p.id where s.link_id = @id and p.status <> 'canceled'", new { id = link.Word("id") }))
            .ShouldBe("awaiting_payer 500");
        (await shop.LinkNowAsync(link)).Body.GetProperty("taken").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_seller_without_a_name_is_the_tenant_on_each_page()
    {
        var db = await shop.TenantAsync();
        await db.ExecuteAsync("insert into seller (name) values ('') on conflict (single) do update set name = ''", null, default);
        var payer = shop.Payer();

        await payer.OpenAsync((await shop.LinkAsync()).Word("url"));
        payer.Page.ShouldContain($">{WebUtility.HtmlEncode(db.Tenant.Name)}<");
        await payer.SendFormAsync();
        SessionOf(payer).ShouldNotBeEmpty();
        payer.Page.ShouldContain($">{WebUtility.HtmlEncode(db.Tenant.Name)}<");
    }

    [Fact]
    public async Task A_code_is_found_as_people_type_it_and_what_is_remembered_is_remembered_for_one_address()
    {
        var link = await shop.LinkAsync();
        var code = link.Word("code");
        code.ShouldStartWith(shop.Demo.TenantId);
        code.Length.ShouldBe(16);

        var typed = $"/pay/l/{string.Join('-', code.Chunk(4).Select(four => new string(four))).ToUpperInvariant().Replace('0', 'O').Replace('1', 'I')}";
        var payer = shop.Payer();

        (await payer.SendAsync(new(HttpMethod.Get, $"{typed}?from=poster"))).ShouldSatisfyAllConditions(
            answer => answer.StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect),
            answer => answer.Headers.Location!.OriginalString.ShouldBe($"/pay/l/{code}?from=poster"));
        await payer.OpenAsync(typed);
        (payer.Status, payer.At).ShouldBe((HttpStatusCode.OK, $"/pay/l/{code}"));

        // A form sent to the other spelling is answered there.
        using var form = new FormUrlEncodedContent([new("_handler", "pay"), new("form", "0123456789abcdef"), new("email", "bea@example.com")]);
        using var ordered = await payer.SendAsync(new(HttpMethod.Post, typed) { Content = form });
        ordered.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        ordered.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldContain($"path=/pay/l/{code};");
    }

    private static async Task<string> SendAsync(FormBrowser payer, Answer link, string form, string amount)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, link.Word("url"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "pay", ["form"] = form, ["amount"] = amount, ["other"] = amount, ["email"] = "bea@example.com", ["name"] = "Bea" }),
        };
        using var answer = await payer.SendAsync(request);
        return answer.Headers.Location?.ToString() ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    [System.Text.RegularExpressions.GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial System.Text.RegularExpressions.Regex Form();
}
