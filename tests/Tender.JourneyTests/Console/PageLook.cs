using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Tender.JourneyTests.Console;

/// <summary>A page in one look, and what axe-core finds on it (a page without frames of others).</summary>
internal static class PageLook
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Loaded once a page, and asked only for what is wrong: to describe all that is well takes most of its time on a long page.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window")) await page.EvaluateAsync(Script);
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
            """);
    }

    /// <summary>Gives the page one look, and the time to draw it.</summary>
    public static async Task TakeAsync(IPage page, int width, ColorScheme scheme)
    {
        await page.SetViewportSizeAsync(width, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>How many pixels the page is wider than its window.</summary>
    public static Task<int> OverAsync(IPage page) => page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
