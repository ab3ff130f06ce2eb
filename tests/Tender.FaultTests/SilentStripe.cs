using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Tender.Tests.Providers.Stripe;

namespace Tender.FaultTests;

/// <summary>The simulated Stripe, told to send nothing by itself: a test fetches its events, has Stripe's own library sign them, and sends them.</summary>
internal sealed class SilentStripe(Shop shop) : IDisposable
{
    /// <summary>Of the account that the demo is connected to, and that is the platform too.</summary>
    public const string DemoKey = "sk_test_tenderdemo0000000000000001";
    private readonly HttpClient http = new() { BaseAddress = new(shop.Demo.BaseUrl) };

    public static async Task<SilentStripe> OfAsync(Shop shop)
    {
        await shop.FaultAsync("none", new { }, times: 0);
        return new(shop);
    }

    /// <summary>What Stripe would send: of its own account, or to a platform of an account that is connected to it.</summary>
    public async Task<Webhook> EventAsync(string type, string about, string? account = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{shop.SimulatorUrl}/stripe/v1/events?limit=100&type={type}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", DemoKey);
        if (account is not null) request.Headers.Add("Stripe-Account", account);
        var answer = await Answer.ReadAsync(await http.SendAsync(request));
        var found = answer.Body.GetProperty("data").EnumerateArray().First(e => e.GetProperty("data").GetProperty("object").GetProperty("id").GetString() == about);
        var news = JsonNode.Parse(found.GetRawText())!.AsObject();
        if (account is not null) news["account"] = account;
        return new(news);
    }

    /// <summary>A header for each, made by the npm package stripe in one go.</summary>
    public static async Task<IReadOnlyList<string>> SignAsync(string secret, params IEnumerable<string> payloads)
    {
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return await StripeLibrary.SignAsync([.. payloads.Select(payload => new StripeLibrary.Unsigned(payload, secret, at))]);
    }

    /// <summary>As Stripe signs while a secret is being replaced: with each, in one header.</summary>
    public static async Task<string> SignWithEachAsync(string payload, params IEnumerable<string> secrets)
    {
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var headers = await StripeLibrary.SignAsync([.. secrets.Select(secret => new StripeLibrary.Unsigned(payload, secret, at))]);
        return string.Join(',', headers.SelectMany(header => header.Split(',')).Distinct(StringComparer.Ordinal));
    }

    /// <param name="node">Another server than the shop's own.</param>
    public async Task<Answer> SendAsync(string path, string payload, string? header, HttpClient? node = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload)) };
        request.Content.Headers.ContentType = new("application/json");
        if (header is not null) request.Headers.Add("Stripe-Signature", header);
        return await Answer.ReadAsync(await (node ?? http).SendAsync(request));
    }

    /// <summary>What an event is about, to be changed.</summary>
    public static JsonObject AboutIn(JsonObject news) => news["data"]!["object"]!.AsObject();

    public void Dispose() => http.Dispose();

    /// <summary>An event, to be changed before it is signed.</summary>
    internal sealed record Webhook(JsonObject News)
    {
        private static int made;

        public string Id => (string)News["id"]!;

        public string Payload => News.ToJsonString();

        /// <summary>Another event like it.</summary>
        public Webhook With(Action<JsonObject> change)
        {
            var changed = News.DeepClone().AsObject();
            changed["id"] = $"{Id}_{Interlocked.Increment(ref made)}";
            change(changed);
            return new(changed);
        }
    }
}
