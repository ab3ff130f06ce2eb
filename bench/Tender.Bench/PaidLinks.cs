using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Tender.Bench;

/// <summary>Links that users were given and have not paid, and what the provider sends when they do.</summary>
internal sealed class PaidLinks(Ground ground, TenderSide tender)
{
    private const string Tier = "bench";
    private const long Amount = 2_000;
    private const int AtOnce = 8;

    /// <summary>Asks for as many links, each for a conversation of its own.</summary>
    public async Task<IReadOnlyList<Link>> MakeAsync(int count)
    {
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{tender.Port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tender.ApiKey);
        await SendAsync(http, HttpMethod.Put, $"/api/tiers/{Tier}", new { name = "Bench", amount = Amount, currency = "usd" });
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) =>
        {
            var conversation = await SendAsync(http, HttpMethod.Post, "/api/conversations", new { title = "Bench" });
            await SendAsync(http, HttpMethod.Post, "/api/payments/link", new { conversationId = conversation.GetProperty("id").GetString(), tier = Tier });
        });

        await using var connection = new NpgsqlConnection(ground.Connection(tender.Database).ConnectionString);
        var links = await connection.QueryAsync<Link>("""
            select a.id as attempt_id, a.payment_id, a.provider_payment_id as session_id from attempts a join payments p on p.id = a.payment_id
            where p.purpose = 'paid_access' and p.status = 'awaiting_payer' order by a.started_at desc limit @count
            """, new { count });
        return links.AsList() is { } found && found.Count == count ? found : throw new BenchException($"of {count} links {links.Count()} were made");
    }

    /// <summary>As Stripe says that a session of its page is paid.</summary>
    public static string PaidBody(Link link) => $$$"""
        {"id":"evt_{{{link.AttemptId}}}","object":"event","account":null,"api_version":"2026-07-29.dahlia","created":1767225600,"livemode":false,"pending_webhooks":1,
        "request":{"id":null,"idempotency_key":null},"type":"checkout.session.completed","data":{"object":{{{ProviderStandIn.Session(link.SessionId, $"{Amount}", "usd", link.AttemptId, "complete", "paid", "\"pi_" + link.AttemptId + "\"")}}}}}
        """;

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Tender-User", "bench");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text) : throw new BenchException($"{path} answered {(int)answer.StatusCode}: {text}");
    }

    internal sealed record Link(string AttemptId, string PaymentId, string SessionId);
}
