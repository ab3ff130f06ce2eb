using System.Net.Http.Json;
using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Webhooks.In;

namespace Tender.FaultTests;

/// <summary>Another program takes money with the same keys. Its news are proven, answered 200, change nothing here, and a person can see them.</summary>
public sealed class UnknownPaymentTests(Shop shop) : IClassFixture<Shop>
{
    private const string Form = "mode=payment&success_url=https://shop.example/ok&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd" +
        "&line_items[0][price_data][unit_amount]=4900&line_items[0][price_data][product_data][name]=Elsewhere";

    [Fact]
    public async Task A_session_that_nobody_here_made_is_kept_and_shown()
    {
        await shop.ControlAsync("/stripe/webhook_endpoints", new { url = $"{shop.Demo.BaseUrl}/api/webhooks/stripe", secret = "whsec_faulttests" });
        var before = await shop.ReadAsync<long>("select count(*) from payments");
        var session = await ElsewhereAsync();
        var payment = (await shop.ControlAsync("/stripe/pay", new { session, card = "4242424242424242" })).GetProperty("payment_intent").GetProperty("id").GetString();

        await Shop.UntilAsync("the owner can see it", async () =>
            (await shop.Get<PlatformInbox>().ListAsync(null, CancellationToken.None)).Data.Count(line => line.About == payment && line.Type is "checkout.session.completed") is 1);
        await Shop.UntilAsync("the tenant can see it", async () =>
            (await ListProviderEvents.RunAsync(await shop.TenantAsync(), Mode.Test, Mode.Test, "not_ours", payment, null, CancellationToken.None)).Data is { Count: > 0 } lines && lines.All(line => line.PaymentId is null));
        (await shop.ReadAsync<long>("select count(*) from payments")).ShouldBe(before);
        (await shop.Api.GetFromJsonAsync<JsonElement>($"{shop.SimulatorUrl}/_control/stripe/deliveries?type=checkout.session.completed")).EnumerateArray().ShouldAllBe(one => one.GetProperty("status").GetInt32() == 200);
    }

    [Fact]
    public async Task The_lists_go_on_where_a_page_ended()
    {
        var db = await shop.TenantAsync();
        await db.ExecuteAsync("""
            insert into provider_events (connection_id, event_id, type, headers, body, received_at, outcome)
            select 'con_x', 'evt_' || n, 'charge.updated', '{}', '', now() - (n / 2) * interval '1 minute', 'irrelevant' from generate_series(1, 120) n
            """, null, CancellationToken.None);
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await ListProviderEvents.RunAsync(db, Mode.Test, Mode.Test, "irrelevant", null, after, CancellationToken.None);
            seen.AddRange(page.Data.Where(line => line.Source is "con_x").Select(line => line.EventId));
            if (!page.HasMore) break;
            after = page.Data[^1].Cursor.ToString();
        }

        seen.Count.ShouldBe(120);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(120);
    }

    private async Task<string> ElsewhereAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{shop.SimulatorUrl}/stripe/v1/checkout/sessions")
        {
            Content = new StringContent(Form, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.Authorization = new("Bearer", "sk_test_tenderdemo0000000000000001");
        return (await Answer.ReadAsync(await shop.Api.SendAsync(request))).Word("id");
    }
}
