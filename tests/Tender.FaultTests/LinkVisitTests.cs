using System.Net;
using static Tender.FaultTests.LinkSite;

namespace Tender.FaultTests;

/// <summary>Who comes by a link is known again however they typed it, and is told alike, on each page, whom they pay.</summary>
public sealed class LinkVisitTests(Shop shop) : IClassFixture<Shop>
{
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
}
