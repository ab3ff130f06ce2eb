using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using static Tender.Server.Commands.Demo.TourCalls;

namespace Tender.Server.Commands.Demo;

/// <summary>Payment links' part of the tour: a link is shared, somebody opens it, chooses a sum and pays.</summary>
internal sealed partial class LinksTour(HttpClient http, DemoFile demo)
{
    private const string Surface = "Payment links";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly long[] Suggested = [1000, 2500];
    private JsonElement link;
    private string form = "";
    private string session = "";

    public IEnumerable<(string Surface, string Step, Func<CancellationToken, Task<string>> Act)> Steps =>
    [
        (Surface, "the merchant makes a link", CreateAsync),
        (Surface, "somebody opens it", OpenAsync),
        (Surface, "the payer chooses a sum", OrderAsync),
        (Surface, "the payer pays by card", PayAsync),
        (Surface, "the link counts it", CountAsync),
    ];

    private async Task<string> CreateAsync(CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync("/api/payment-links", new { title = "For the lifeboats", kind = "choose", amountMin = 500, suggestedAmounts = Suggested, currency = "usd" }, cancellation);
        link = await JsonAsync(answer, HttpStatusCode.Created, cancellation);
        return Word(link, "url");
    }

    private async Task<string> OpenAsync(CancellationToken cancellation)
    {
        using var plain = new HttpClient();
        var page = await plain.GetStringAsync(new Uri(Word(link, "url")), cancellation);
        form = FormToken().Match(page).Groups[1].Value;
        return form.Length > 0 ? $"{page.Length / 1024} KB, and no payment yet" : throw new TourException("the page has no form");
    }

    private async Task<string> OrderAsync(CancellationToken cancellation)
    {
        using var plain = new HttpClient();
        using var order = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "pay",
            ["form"] = form,
            ["choice"] = "other",
            ["amount"] = "12.50",
            ["email"] = "bea@example.com",
            ["name"] = "Bea Tour",
        });
        using var led = await plain.PostAsync(new Uri(Word(link, "url")), order, cancellation);
        session = led.RequestMessage!.RequestUri!.Segments[^1];
        return session.StartsWith("cs_", StringComparison.Ordinal) ? $"12.50 usd, led to {session}" : throw new TourException($"{(int)led.StatusCode} instead of a page to pay on");
    }

    private async Task<string> PayAsync(CancellationToken cancellation)
    {
        using var found = await http.GetAsync(new Uri($"/api/v1/checkout/sessions/{session}", UriKind.Relative), cancellation);
        await PayAtSimulatorAsync(demo, new { clientSecret = Word(await JsonAsync(found, HttpStatusCode.OK, cancellation), "clientSecret"), card = "4242424242424242" }, cancellation);
        return "4242 4242 4242 4242 went through at the simulator";
    }

    private async Task<string> CountAsync(CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        while (true)
        {
            using var answer = await http.GetAsync(new Uri($"/api/payment-links/{Word(link, "id")}", UriKind.Relative), limited.Token);
            var counted = (await JsonAsync(answer, HttpStatusCode.OK, limited.Token)).GetProperty("statistics");
            if (counted.GetProperty("paid").GetInt64() is 1) return $"{counted.GetProperty("started").GetInt64()} begun, 1 paid, {counted.GetProperty("volume").GetInt64() / 100m:0.00} usd";
            await Task.Delay(100, limited.Token);
        }
    }

    [GeneratedRegex("name=\"form\" value=\"([0-9a-f]+)\"")]
    private static partial Regex FormToken();
}
