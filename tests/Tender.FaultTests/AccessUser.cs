using System.Net;
using System.Net.Http.Json;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>A user of the tenant's application who pays for one conversation, and what must be there of it in the end.</summary>
internal sealed class AccessUser(Shop shop, string id)
{
    public string Conversation { get; private set; } = "";

    /// <summary>The provider's own id of the newest link.</summary>
    public string Session { get; private set; } = "";

    /// <summary>Where the newest link leads.</summary>
    public string Url { get; private set; } = "";

    /// <summary>A conversation, and a link to pay for it.</summary>
    public async Task<AccessUser> AskAsync(string tier = "premium", string currency = "usd")
    {
        (await shop.Api.PutAsJsonAsync($"/api/tiers/{tier}", new { name = "Premium", amount = 2_000, currency })).EnsureSuccessStatusCode();
        Conversation = (await SendAsync(HttpMethod.Post, "/api/conversations", new { title = "How tides work" })).Word("id");
        var link = await SendAsync(HttpMethod.Post, "/api/payments/link", new { conversationId = Conversation, tier });
        link.Status.ShouldBe(HttpStatusCode.OK, link.Body.ToString());
        (Session, Url) = (link.Word("sessionId"), link.Word("url"));
        return this;
    }

    /// <param name="node">The shop's own server without it.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, HttpClient? node = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Tender-User", id);
        return await Answer.ReadAsync(await (node ?? shop.Api).SendAsync(request));
    }

    public async Task<string> StatusAsync(HttpClient? node = null) => (await SendAsync(HttpMethod.Get, $"/api/conversations/{Conversation}", node: node)).Word("paymentStatus");

    public Task PaidAsync() => Shop.UntilAsync("the conversation is paid", async () => await StatusAsync() is "paid");

    public Task<string> PaymentAsync() => shop.ReadAsync<string>("select payment_id from conversations where id = @Conversation", new { Conversation });

    public Task<string?> OrderAsync() => shop.ReadAsync<string?>("select status from orders where conversation_id = @Conversation", new { Conversation });

    /// <summary>The address that the provider sends the user back to.</summary>
    public Task<string> ReturnAddressAsync() => shop.ReadAsync<string>("select p.return_to from payments p join conversations c on c.payment_id = p.id where c.id = @Conversation", new { Conversation });

    /// <summary>Who was the first to say that the money is there: webhook, answer (to our page) or question.</summary>
    public Task<string> FirstToSayAsync() => shop.ReadAsync<string>("""
        select e.payload->>'source' from events e join payments p on p.id = e.payment_id
        where p.purpose_id = @Conversation and e.type = 'provider.reported' and e.payload->>'says' = 'succeeded' order by e.id limit 1
        """, new { Conversation });

    /// <summary>However the news came: one payment, one completed order, one invoice, and one key, in both databases.</summary>
    public async Task HasOneOfEachAsync()
    {
        (await shop.ReadAsync<string>("""
            select concat_ws(' ',
              (select count(*) from payments where purpose_id = @Conversation and status = 'succeeded'),
              (select count(*) from orders where conversation_id = @Conversation),
              (select count(*) from orders where conversation_id = @Conversation and status = 'completed'),
              (select count(*) from documents d join payments p on p.id = d.payment_id where p.purpose_id = @Conversation),
              (select count(*) from fulfilments f join payments p on p.id = f.payment_id where p.purpose_id = @Conversation and f.kind = 'api_key'),
              (select count(*) from key_reveals k join payments p on p.id = k.payment_id where p.purpose_id = @Conversation))
            """, new { Conversation })).ShouldBe("1 1 1 1 1 1", "payments, orders, completed ones, invoices, keys handed out, keys");
        await Shop.UntilAsync("the owner's database has heard of the key", async () => await OwnersKeysAsync() > 0);
        (await OwnersKeysAsync()).ShouldBe(1);
        (await shop.ReadAsync<long>("select count(*) from cases c join payments p on p.id = c.payment_id where p.purpose_id = @Conversation", new { Conversation })).ShouldBe(0);
    }

    private Task<long> OwnersKeysAsync() => shop.Get<OwnerDb>().QuerySingleOrDefaultAsync<long>(
        "select count(*) from api_keys where tenant = @TenantId and user_id = @id", new { shop.Demo.TenantId, id }, CancellationToken.None);
}
