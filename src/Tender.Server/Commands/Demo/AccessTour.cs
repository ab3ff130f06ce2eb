using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Tender.Server.Members;
using static Tender.Server.Commands.Demo.TourCalls;

namespace Tender.Server.Commands.Demo;

/// <summary>Paid access's part of the tour: an application's user pays for a conversation by a link, sees an API key once, and calls with it.</summary>
internal sealed class AccessTour(HttpClient http, DemoFile demo)
{
    private const string Surface = "Paid access";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string user = $"tour-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
    private string conversation = "";
    private string session = "";
    private string keyId = "";
    private string key = "";

    public IEnumerable<(string Surface, string Step, Func<CancellationToken, Task<string>> Act)> Steps =>
    [
        (Surface, "the application sets a price", SetPriceAsync),
        (Surface, "its user begins a conversation", BeginAsync),
        (Surface, "the application asks for a link", LinkAsync),
        (Surface, "the user pays on the provider's page", PayAsync),
        (Surface, "the webhook completes the order", CompleteAsync),
        (Surface, "the user sees the key once", RevealAsync),
        (Surface, "the key counts until it is deleted", UseAsync),
    ];

    private async Task<string> SetPriceAsync(CancellationToken cancellation)
    {
        var tier = await SendAsync(HttpMethod.Put, "/api/tiers/premium", HttpStatusCode.OK, cancellation, new { name = "Premium", amount = 2000, currency = "usd" });
        return $"{Word(tier, "code")}, {tier.GetProperty("amount").GetInt64() / 100m:0.00} {Word(tier, "currency")}";
    }

    private async Task<string> BeginAsync(CancellationToken cancellation)
    {
        var made = await SendAsync(HttpMethod.Post, "/api/conversations", HttpStatusCode.Created, cancellation, new { title = "How tides work" });
        conversation = Word(made, "id");
        return $"{conversation} of {user}, {Word(made, "paymentStatus")}";
    }

    private async Task<string> LinkAsync(CancellationToken cancellation)
    {
        var link = await SendAsync(HttpMethod.Post, "/api/payments/link", HttpStatusCode.OK, cancellation, new { conversationId = conversation, tier = "premium" });
        session = Word(link, "sessionId");
        return session;
    }

    private async Task<string> PayAsync(CancellationToken cancellation)
    {
        await PayAtSimulatorAsync(demo, new { session, card = "4242424242424242" }, cancellation);
        return "4242 4242 4242 4242 went through at the simulator";
    }

    private async Task<string> CompleteAsync(CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        for (var status = ""; ;)
        {
            status = Word(await SendAsync(HttpMethod.Get, $"/api/conversations/{conversation}", HttpStatusCode.OK, limited.Token), "paymentStatus");
            if (status is "paid") return $"the conversation is {status}";
            await Task.Delay(100, limited.Token);
        }
    }

    private async Task<string> RevealAsync(CancellationToken cancellation)
    {
        var keys = (await SendAsync(HttpMethod.Get, "/api/api-keys", HttpStatusCode.OK, cancellation)).GetProperty("keys");
        if (keys.GetArrayLength() is not 1) throw new TourException($"one order made {keys.GetArrayLength()} keys");
        keyId = Word(keys[0], "id");
        key = Word(await SendAsync(HttpMethod.Post, $"/api/api-keys/{keyId}/reveal", HttpStatusCode.OK, cancellation), "key");
        await SendAsync(HttpMethod.Post, $"/api/api-keys/{keyId}/reveal", HttpStatusCode.Gone, cancellation);
        return $"{key[..ApiKey.PrefixChars]}…, and 410 the second time";
    }

    private async Task<string> UseAsync(CancellationToken cancellation)
    {
        await SendAsync(HttpMethod.Get, "/api/api-keys", HttpStatusCode.OK, cancellation, bearer: key);
        await SendAsync(HttpMethod.Delete, $"/api/api-keys/{keyId}", HttpStatusCode.OK, cancellation, bearer: key);
        await SendAsync(HttpMethod.Get, "/api/api-keys", HttpStatusCode.Unauthorized, cancellation, bearer: key);
        return "200 with it, and 401 after";
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpStatusCode expected, CancellationToken cancellation, object? body = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (bearer is null) request.Headers.Add(RecogniseCaller.ActingUser, user);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await http.SendAsync(request, cancellation);
        return await JsonAsync(answer, expected, cancellation);
    }
}
