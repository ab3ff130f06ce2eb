using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Tender.JourneyTests.Checkout;

namespace Tender.JourneyTests.Console;

/// <summary>The API's page, seen as people see it.</summary>
public sealed class DocsTests(HostedSite site) : IClassFixture<HostedSite>
{
    [Fact]
    public async Task It_shows_every_call_passes_axe_fits_its_width_and_breaks_no_policy()
    {
        var page = await site.NewPageAsync();
        var faults = new List<string>();
        var asked = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, said) =>
        {
            if (said.Type is "error") faults.Add(said.Text);
        };
        page.Request += (_, request) => asked.Add(request.Url);
        var answer = await page.GotoAsync($"{site.Tender.Demo.BaseUrl}/docs", new() { WaitUntil = WaitUntilState.NetworkIdle });
        answer!.Headers["content-security-policy"].ShouldNotContain("unsafe");

        answer.Ok.ShouldBeTrue(await answer.TextAsync());
        var ids = await OperationIdsAsync();
        (await page.Locator("article").CountAsync()).ShouldBe(ids.Count);
        foreach (var id in ids) (await page.Locator($"#{id}").CountAsync()).ShouldBe(1, id);
        await page.EvaluateAsync("for (const part of document.querySelectorAll('details')) part.open = true");
        // Axe walks some thousand members; once wide and once narrow sees every rule and every colour.
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await PageLook.TakeAsync(page, width, scheme);
            (await PageLook.FaultsAsync(page)).ShouldBeEmpty($"{width} {scheme}");
            (await PageLook.OverAsync(page)).ShouldBe(0, $"{width} {scheme}");
            await HostedSite.PictureAsync(page, $"docs-{width}-{scheme}");
        }

        asked.ShouldAllBe(url => url.StartsWith(site.Tender.Demo.BaseUrl) || url.StartsWith("data:"));
        faults.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private async Task<IReadOnlyList<string>> OperationIdsAsync()
    {
        var document = await site.Tender.Api.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(call => call.Value.GetProperty("operationId").GetString()!)];
    }
}
