using System.Net;
using System.Net.Http.Json;
using Tender.Tests.Server.Members;

namespace Tender.FaultTests;

/// <summary>Payment links of a shop, and payers who open them.</summary>
internal static class LinkSite
{
    /// <summary>Of the demo's ticket at 49.00 USD, unless it says otherwise.</summary>
    public static async Task<Answer> LinkAsync(this Shop shop, object? fields = null, HttpStatusCode expected = HttpStatusCode.Created)
    {
        var answer = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/payment-links", fields ?? new { title = "Festival", kind = "product", shop.Demo.ProductId }));
        answer.Status.ShouldBe(expected, answer.Body.ToString());
        return answer;
    }

    public static async Task<Answer> LinkNowAsync(this Shop shop, Answer link) =>
        await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/payment-links/{link.Word("id")}", UriKind.Relative)));

    public static async Task<Answer> ChangeLinkAsync(this Shop shop, Answer link, object change) =>
        await Answer.ReadAsync(await shop.Api.PatchAsJsonAsync($"/api/payment-links/{link.Word("id")}", change));

    /// <summary>A browser of its own.</summary>
    internal static FormBrowser Payer(this Shop shop) => new(new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(shop.Demo.BaseUrl) });

    /// <summary>Opens the link and sends its form; where the payer ends is the browser's.</summary>
    internal static async Task<FormBrowser> OrderAsync(this Shop shop, Answer link, params (string, string)[] typed)
    {
        var payer = shop.Payer();
        await payer.OpenAsync(link.Word("url"));
        payer.Status.ShouldBe(HttpStatusCode.OK, payer.Page);
        await payer.SendFormAsync(typed);
        return payer;
    }

    internal static Task SendFormAsync(this FormBrowser payer, params (string, string)[] typed) =>
        payer.SubmitAsync("pay", [("email", "bea@example.com"), ("name", "Bea"), .. typed]);

    /// <summary>The session whose page the payer is at.</summary>
    internal static string SessionOf(FormBrowser payer)
    {
        payer.At.ShouldContain("/pay/cs_", Case.Sensitive, $"{payer.Status} {payer.Page}");
        return payer.At[(payer.At.LastIndexOf('/') + 1)..];
    }
}
