using System.Net;
using System.Text.Json;
using static Tender.Server.Commands.Demo.TourCalls;

namespace Tender.Server.Commands.Demo;

/// <summary>The checkout's part of the tour: a shop sells two tickets, the card is charged, tickets and invoice come, the money goes back.</summary>
internal sealed class CheckoutTour(HttpClient http, DemoFile demo)
{
    private const string Surface = "Checkout";
    private JsonElement session;
    private JsonElement confirmed;
    private string paymentId = "";

    public IEnumerable<(string Surface, string Step, Func<CancellationToken, Task<string>> Act)> Steps =>
    [
        (Surface, "the shop asks for a session", CreateAsync),
        (Surface, "a declined card charges nothing", DeclineAsync),
        (Surface, "the customer pays by card", PayAsync),
        (Surface, "the shop confirms", ConfirmAsync),
        (Surface, "tickets and invoice download", DownloadAsync),
        (Surface, "the payment tells its story", StoryAsync),
        (Surface, "half of it is refunded", RefundAsync),
    ];

    private async Task<string> CreateAsync(CancellationToken cancellation)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkout/sessions")
        {
            Content = JsonContent.Create(new { demo.ProductId, Quantity = 2, CustomerEmail = "bea@example.com", CustomerName = "Bea Tour" }),
        };
        ask.Headers.Add("Idempotency-Key", $"tour-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12))}");
        session = await JsonAsync(await http.SendAsync(ask, cancellation), HttpStatusCode.Created, cancellation);
        return $"{Word(session, "sessionId")}, {session.GetProperty("amount").GetInt64() / 100m:0.00} {Word(session, "currency")} through {Word(session, "provider")}";
    }

    private async Task<string> DeclineAsync(CancellationToken cancellation)
    {
        await CardAsync("4000000000000002", cancellation);
        using var answer = await http.PostAsJsonAsync("/api/v1/checkout/confirm", new { sessionId = Word(session, "sessionId") }, cancellation);
        var said = await JsonAsync(answer, HttpStatusCode.Conflict, cancellation);
        return $"409, the session is {Word(said, "sessionStatus")}";
    }

    private async Task<string> PayAsync(CancellationToken cancellation)
    {
        await CardAsync("4242424242424242", cancellation);
        return "4242 4242 4242 4242 went through at the simulator";
    }

    private async Task<string> ConfirmAsync(CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/checkout/confirm", new { sessionId = Word(session, "sessionId") }, cancellation);
        confirmed = await JsonAsync(answer, HttpStatusCode.OK, cancellation);
        using var again = await http.PostAsJsonAsync("/api/v1/checkout/confirm", new { sessionId = Word(session, "sessionId") }, cancellation);
        var twice = await JsonAsync(again, HttpStatusCode.OK, cancellation);
        if (Word(twice, "invoiceId") != Word(confirmed, "invoiceId")) throw new TourException("a second confirm made a second invoice");
        return $"{confirmed.GetProperty("ticketIds").GetArrayLength()} tickets, invoice {Word(confirmed, "invoiceId")}";
    }

    private async Task<string> DownloadAsync(CancellationToken cancellation)
    {
        var bytes = 0;
        foreach (var name in new[] { "tickets", "invoice" })
        {
            using var plain = new HttpClient();
            var pdf = await plain.GetByteArrayAsync(new Uri(Word(confirmed.GetProperty("downloadUrls"), name)), cancellation);
            if (!pdf.AsSpan().StartsWith("%PDF-"u8)) throw new TourException($"the {name} link gave no PDF");
            bytes += pdf.Length;
        }

        return $"two PDFs by signed links, {bytes / 1024} KB";
    }

    private async Task<string> StoryAsync(CancellationToken cancellation)
    {
        using var found = await http.GetAsync(new Uri($"/api/v1/checkout/sessions/{Word(session, "sessionId")}", UriKind.Relative), cancellation);
        paymentId = Word(await JsonAsync(found, HttpStatusCode.OK, cancellation), "paymentId");
        using var answer = await http.GetAsync(new Uri($"/api/payments/{paymentId}", UriKind.Relative), cancellation);
        var payment = await JsonAsync(answer, HttpStatusCode.OK, cancellation);
        if (Word(payment, "status") is not "succeeded") throw new TourException($"the payment is {Word(payment, "status")}");
        return $"{paymentId} succeeded, {payment.GetProperty("timeline").GetArrayLength()} moments on record";
    }

    private async Task<string> RefundAsync(CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync($"/api/payments/{paymentId}/refund", new { amount = session.GetProperty("amount").GetInt64() / 2 }, cancellation);
        var refund = await JsonAsync(answer, HttpStatusCode.Created, cancellation);
        return $"{Word(refund, "id")} {Word(refund, "status")}";
    }

    private async Task CardAsync(string card, CancellationToken cancellation)
    {
        await PayAtSimulatorAsync(demo, new { clientSecret = Word(session, "clientSecret"), card }, cancellation);
    }
}
