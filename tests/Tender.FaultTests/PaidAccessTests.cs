using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>A user pays for a conversation and gets one key, whatever comes twice, late, or at the same time.</summary>
public sealed class PaidAccessTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_paid_link_ends_in_one_key_that_works_until_it_is_deleted()
    {
        var conversation = await ConversationAsync("ada");
        (await SendAsync(HttpMethod.Get, "/api/api-keys", "ada")).Status.ShouldBe(HttpStatusCode.Forbidden);

        var link = await LinkAsync(conversation, "ada");
        await PayAsync(link.Word("sessionId"));
        await PaidAsync(conversation);

        var key = (await SendAsync(HttpMethod.Get, "/api/api-keys", "ada")).Body.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        var id = key.GetProperty("id").GetString()!;
        var shown = await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", "ada");
        shown.Status.ShouldBe(HttpStatusCode.OK);
        var text = shown.Word("key");
        text.ShouldMatch("^sk_[0-9a-f]{64}$");
        text.ShouldStartWith(key.GetProperty("prefix").GetString()!);
        (await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", "ada")).Status.ShouldBe(HttpStatusCode.Gone);
        (await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", "bea")).Status.ShouldBe(HttpStatusCode.NotFound);

        // The key is its user's: it lists, and deletes, and opens nothing of the tenant's.
        (await WithKeyAsync(HttpMethod.Get, "/api/api-keys", text)).Status.ShouldBe(HttpStatusCode.OK);
        (await WithKeyAsync(HttpMethod.Get, "/api/payments", text)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await WithKeyAsync(HttpMethod.Delete, $"/api/api-keys/{id}", text)).Body.GetProperty("success").GetBoolean().ShouldBeTrue();
        (await WithKeyAsync(HttpMethod.Get, "/api/api-keys", text)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Delete, $"/api/api-keys/{id}", "ada")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await LinkAsync(conversation, "ada", HttpStatusCode.Conflict)).Word("code").ShouldBe("paid_already");
    }

    [Fact]
    public async Task A_fresh_link_closes_the_one_before()
    {
        var conversation = await ConversationAsync("bea");
        var older = await LinkAsync(conversation, "bea");
        var newer = await LinkAsync(conversation, "bea");

        newer.Word("sessionId").ShouldNotBe(older.Word("sessionId"));
        (await SendAsync(HttpMethod.Get, $"/api/conversations/{conversation}", "bea")).Word("paymentStatus").ShouldBe("pending");
        await PayAsync(older.Word("sessionId"));
        await PayAsync(newer.Word("sessionId"));
        await PaidAsync(conversation);
        (await shop.ReadAsync<long>("select count(*) from payments where purpose_id = @conversation and status = 'canceled' and received_minor = 0", new { conversation })).ShouldBe(1);
        (await KeysAsync(conversation)).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_links_asked_for_at_once_one_can_be_paid()
    {
        var conversation = await ConversationAsync("cleo");

        var links = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(HttpMethod.Post, "/api/payments/link", "cleo", new { conversationId = conversation, tier = "premium" })));

        links.ShouldContain(link => link.Status == HttpStatusCode.OK);
        links.ShouldAllBe(link => link.Status == HttpStatusCode.OK || link.Word("code") == "link_in_progress");
        await Shop.UntilAsync($"one is left of {await shop.ReadAsync<string>("select string_agg(p.status || ' ' || a.status, ', ') from payments p join attempts a on a.payment_id = p.id where purpose_id = @conversation", new { conversation })}", async () =>
            await shop.ReadAsync<long>("select count(*) from payments where purpose_id = @conversation and status = 'awaiting_payer'", new { conversation }) is 1);
        (await shop.ReadAsync<long>("select count(*) from payments p join conversations c on c.payment_id = p.id where c.id = @conversation and p.status = 'awaiting_payer'", new { conversation })).ShouldBe(1);
    }

    [Fact]
    public async Task A_second_payment_of_one_conversation_is_a_case_with_its_refund_and_makes_no_second_key()
    {
        var conversation = await ConversationAsync("dora");
        var older = await LinkAsync(conversation, "dora");
        // Its provider does not hear that it is closed, and the payer pays it after the newer one.
        await shop.FaultAsync("drop_before", new { method = "POST", path = $"/{older.Word("sessionId")}/expire$" }, times: 50);
        var newer = await LinkAsync(conversation, "dora");
        await PayAsync(newer.Word("sessionId"));
        await PaidAsync(conversation);
        await PayAsync(older.Word("sessionId"));

        await Shop.UntilAsync("a case says so", async () => await shop.ReadAsync<long>(
            "select count(*) from cases c join payments p on p.id = c.payment_id where p.purpose_id = @conversation and c.kind = 'paid_twice' and c.closed_at is null", new { conversation }) is 1);
        (await KeysAsync(conversation)).ShouldBe(1);
        (await shop.ReadAsync<long>("select count(*) from orders where conversation_id = @conversation", new { conversation })).ShouldBe(1);

        // Its refund takes no key away, and does not say so.
        var second = await shop.ReadAsync<string>("select payment_id from cases where kind = 'paid_twice' and closed_at is null");
        (await shop.RefundAsync(second)).Status.ShouldBe(HttpStatusCode.Created);
        await Shop.UntilAsync("it went back", async () => await shop.ReadAsync<bool>("select refunded_minor = received_minor from payments where id = @second", new { second }));
        (await shop.ReadAsync<long>("select count(*) from events where payment_id = @second and type = 'api_key.revoked'", new { second })).ShouldBe(0);
        (await SendAsync(HttpMethod.Get, "/api/api-keys", "dora")).Body.GetProperty("keys").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_says_that_it_is_paid_and_however_often_there_is_one_key()
    {
        var conversation = await ConversationAsync("eve");
        var link = await LinkAsync(conversation, "eve");
        var page = await shop.ReadAsync<string>("select return_to from payments where purpose_id = @conversation", new { conversation });
        await PayAsync(link.Word("sessionId"));

        // The page asks the provider while its webhook is applied.
        var seen = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.Api.GetStringAsync(new Uri(page))));

        seen.ShouldAllBe(html => html.Contains("Show the key") || html.Contains("on its way"));
        await PaidAsync(conversation);
        (await KeysAsync(conversation)).ShouldBe(1);
        (await shop.ReadAsync<long>("select count(*) from fulfilments f join payments p on p.id = f.payment_id where p.purpose_id = @conversation and f.kind = 'api_key'", new { conversation })).ShouldBe(1);
        (await shop.Api.GetAsync(new Uri(page.Replace("signature=", "signature=A", StringComparison.Ordinal)))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("succeeded", "completed", "paid", 1)]
    [InlineData("failed", "failed", "failed", 0)]
    public async Task Money_that_takes_days_makes_a_pending_order_and_its_key_when_it_is_there(string outcome, string order, string status, long keys)
    {
        await shop.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_tenderdemo0000000000000001", publishableKey = "pk_test_tenderdemo0000000000000001", paymentMethodTypes = new[] { "card", "us_bank_account" } });
        var conversation = await ConversationAsync($"slow-{outcome}");
        var session = (await LinkAsync(conversation, $"slow-{outcome}")).Word("sessionId");
        var paid = await shop.ControlAsync("/stripe/pay", new { session, card = "pm_usBankAccount_processing" });

        await Shop.UntilAsync("the order is pending", async () => await OrderAsync(conversation) is "pending");
        (await KeysAsync(conversation)).ShouldBe(0);
        (await LinkAsync(conversation, $"slow-{outcome}", HttpStatusCode.Conflict)).Word("code").ShouldBe("payment_processing");
        await shop.ControlAsync($"/stripe/payments/{paid.GetProperty("payment_intent").GetProperty("id").GetString()}/settle", new { outcome });

        await Shop.UntilAsync($"the order is {order}", async () => await OrderAsync(conversation) == order);
        (await SendAsync(HttpMethod.Get, $"/api/conversations/{conversation}", $"slow-{outcome}")).Word("paymentStatus").ShouldBe(status);
        (await KeysAsync(conversation)).ShouldBe(keys);
    }

    [Fact]
    public async Task A_full_refund_revokes_the_key_and_says_so()
    {
        var (conversation, id, text) = await BoughtAsync("fay");
        (await WithKeyAsync(HttpMethod.Get, "/api/api-keys", text)).Status.ShouldBe(HttpStatusCode.OK);

        var payment = await shop.ReadAsync<string>("select payment_id from conversations where id = @conversation", new { conversation });
        (await shop.RefundAsync(payment)).Status.ShouldBe(HttpStatusCode.Created);

        await Shop.UntilAsync("the key is refused", async () => (await WithKeyAsync(HttpMethod.Get, "/api/api-keys", text)).Status is HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Get, "/api/api-keys", "fay")).Body.GetProperty("keys").GetArrayLength().ShouldBe(0);
        (await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", "fay")).Body.GetProperty("detail").GetString()!.ShouldContain("was revoked");
        (await shop.ReadAsync<long>("select count(*) from events where payment_id = @payment and type = 'api_key.revoked'", new { payment })).ShouldBe(1);
    }

    [Fact]
    public async Task A_lost_dispute_revokes_the_key()
    {
        var (conversation, _, text) = await BoughtAsync("gil");
        var intent = await shop.ReadAsync<string>("select a.provider_payment_id from attempts a join conversations c on c.payment_id = a.payment_id where c.id = @conversation", new { conversation });

        var dispute = await shop.ControlAsync("/stripe/disputes", new { paymentIntent = intent });
        (await WithKeyAsync(HttpMethod.Get, "/api/api-keys", text)).Status.ShouldBe(HttpStatusCode.OK);
        await shop.ControlAsync($"/stripe/disputes/{dispute.GetProperty("id").GetString()}/close", new { outcome = "lost" });

        await Shop.UntilAsync("the key is refused", async () => (await WithKeyAsync(HttpMethod.Get, "/api/api-keys", text)).Status is HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_nobody_looked_at_in_a_day_is_erased()
    {
        var conversation = await ConversationAsync("hal");
        await PayAsync((await LinkAsync(conversation, "hal")).Word("sessionId"));
        await PaidAsync(conversation);
        await (await shop.TenantAsync()).ExecuteAsync("update key_reveals set expires_at = now() - interval '1 second' where user_id = 'hal'", null, CancellationToken.None);

        var id = await shop.ReadAsync<string>("select key_id from key_reveals where user_id = 'hal'");
        (await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", "hal")).Status.ShouldBe(HttpStatusCode.Gone);
        using var forget = new ForgetWhatIsOver(shop.Get<IEnumerable<KeptFor>>(), shop.Get<OwnerDb>(), shop.Get<TenantDatabases>(), TimeProvider.System, NullLogger<ForgetWhatIsOver>.Instance);
        await forget.RunAsync(await shop.TenantAsync(), CancellationToken.None);
        (await shop.ReadAsync<string?>("select sealed_key from key_reveals where user_id = 'hal'")).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_that_the_tenant_revoked_is_not_shown_any_more()
    {
        var conversation = await ConversationAsync("kim");
        await PayAsync((await LinkAsync(conversation, "kim")).Word("sessionId"));
        await PaidAsync(conversation);
        var id = (await SendAsync(HttpMethod.Get, "/api/api-keys", "kim")).Body.GetProperty("keys")[0].GetProperty("id").GetString()!;

        (await shop.Get<RevokeApiKey>().RunAsync(shop.Demo.TenantId, id, "usr_1", CancellationToken.None)).ShouldBeOfType<RevokeApiKey.Outcome.Ended>();

        (await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", "kim")).Body.GetProperty("detail").GetString()!.ShouldContain("was revoked");
        (await shop.ReadAsync<string?>("select sealed_key from key_reveals where key_id = @id", new { id })).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_sees_or_pays_for_what_is_anothers()
    {
        var conversation = await ConversationAsync("ivy");

        (await SendAsync(HttpMethod.Get, $"/api/conversations/{conversation}", "jon")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await LinkAsync(conversation, "jon", HttpStatusCode.NotFound)).Word("code").ShouldBe("unknown_conversation");
        (await SendAsync(HttpMethod.Get, "/api/conversations", "jon")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_link_that_cannot_be_made_says_why_and_the_next_one_can()
    {
        var conversation = await ConversationAsync("lea");
        await shop.Api.PutAsJsonAsync("/api/tiers/gone", new { name = "Gone", amount = 2_000 });
        (await shop.Api.DeleteAsync(new Uri("/api/tiers/gone", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var tier in new[] { "unheard-of", "gone" })
        {
            var unknown = await LinkAsync(conversation, "lea", HttpStatusCode.UnprocessableEntity, tier);
            (unknown.Word("code"), unknown.Body.GetProperty("errors").TryGetProperty("tier", out _)).ShouldBe(("unknown_tier", true));
        }

        // Less than Stripe charges at all.
        await shop.Api.PutAsJsonAsync("/api/tiers/penny", new { name = "Penny", amount = 1 });
        var refused = await LinkAsync(conversation, "lea", HttpStatusCode.BadGateway, "penny");
        refused.Word("code").ShouldBe("provider_refused");
        refused.Word("detail").ShouldContain("at least 50 in usd");
        (await SendAsync(HttpMethod.Get, $"/api/conversations/{conversation}", "lea")).Word("paymentStatus").ShouldBe("failed");

        await LinkAsync(conversation, "lea");
        (await SendAsync(HttpMethod.Get, $"/api/conversations/{conversation}", "lea")).Word("paymentStatus").ShouldBe("pending");
    }

    private async Task<(string Conversation, string KeyId, string Key)> BoughtAsync(string user)
    {
        var conversation = await ConversationAsync(user);
        await PayAsync((await LinkAsync(conversation, user)).Word("sessionId"));
        await PaidAsync(conversation);
        var id = (await SendAsync(HttpMethod.Get, "/api/api-keys", user)).Body.GetProperty("keys")[0].GetProperty("id").GetString()!;
        return (conversation, id, (await SendAsync(HttpMethod.Post, $"/api/api-keys/{id}/reveal", user)).Word("key"));
    }

    private Task<string> OrderAsync(string conversation) => shop.ReadAsync<string>("select status from orders where conversation_id = @conversation", new { conversation });

    private Task<long> KeysAsync(string conversation) =>
        shop.ReadAsync<long>("select count(*) from key_reveals k join orders o on o.id = k.order_id where o.conversation_id = @conversation", new { conversation });

    private async Task<string> ConversationAsync(string user)
    {
        await shop.Api.PutAsJsonAsync("/api/tiers/premium", new { name = "Premium", amount = 2_000 });
        return (await SendAsync(HttpMethod.Post, "/api/conversations", user, new { title = "How tides work" })).Word("id");
    }

    private async Task<Answer> LinkAsync(string conversation, string user, HttpStatusCode expected = HttpStatusCode.OK, string tier = "premium")
    {
        var link = await SendAsync(HttpMethod.Post, "/api/payments/link", user, new { conversationId = conversation, tier });
        link.Status.ShouldBe(expected, link.Body.ToString());
        return link;
    }

    private Task PayAsync(string session) => shop.ControlAsync("/stripe/pay", new { session, card = "4242424242424242" });

    private Task PaidAsync(string conversation) => Shop.UntilAsync("the conversation is paid", async () =>
        await shop.ReadAsync<string>("select payment_status from conversations where id = @conversation", new { conversation }) is "paid");

    private async Task<Answer> SendAsync(HttpMethod method, string path, string user, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Tender-User", user);
        return await Answer.ReadAsync(await shop.Api.SendAsync(request));
    }

    private async Task<Answer> WithKeyAsync(HttpMethod method, string path, string key)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await Answer.ReadAsync(await shop.Api.SendAsync(request));
    }
}
