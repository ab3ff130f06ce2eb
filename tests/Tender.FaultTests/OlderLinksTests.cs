using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Tender.Domain.Providers;
using Tender.Server.Members;

namespace Tender.FaultTests;

/// <summary>Links of one conversation beside each other: nobody is given one that pays twice, whatever the provider does meanwhile.</summary>
public sealed class OlderLinksTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly object Making = new { method = "POST", path = "^/v1/checkout/sessions$" };

    [Fact]
    public async Task A_link_that_is_made_while_the_one_before_is_paid_is_given_to_nobody()
    {
        var user = await new AccessUser(shop, "ann").AskAsync();
        await shop.FaultAsync("slow", Making, ms: 3_000);
        var newer = user.SendAsync(HttpMethod.Post, "/api/payments/link", new { conversationId = user.Conversation, tier = "premium" });
        await Shop.UntilAsync("the newer one is asked for", async () => await shop.ReadAsync<long>("select count(*) from payments where purpose_id = @Conversation", new { user.Conversation }) is 2);
        await shop.ControlAsync("/stripe/pay", new { session = user.Session, card = "4242424242424242" });
        await user.PaidAsync();

        (await newer).Word("code").ShouldBe("paid_already");
        await ClosedThereAsync("select a.provider_payment_id from attempts a join payments p on p.id = a.payment_id where p.purpose_id = @Conversation order by a.started_at desc limit 1", user.Conversation);
    }

    [Fact]
    public async Task An_older_link_that_could_not_be_closed_is_closed_as_soon_as_its_provider_answers()
    {
        var user = await new AccessUser(shop, "ben").AskAsync();
        // An hour and a half old: without the newer one it would be asked about in hours.
        await (await shop.TenantAsync()).ExecuteAsync("update attempts set asked = 5, ask_at = now() + interval '6 hours' where provider_payment_id = @Session", new { user.Session }, CancellationToken.None);
        await shop.FaultAsync("drop_before", new { method = "POST", path = $"/{user.Session}/expire$" });

        (await user.SendAsync(HttpMethod.Post, "/api/payments/link", new { conversationId = user.Conversation, tier = "premium" })).Status.ShouldBe(HttpStatusCode.OK);

        await ClosedThereAsync("select @Conversation", user.Session);
    }

    [Fact]
    public async Task A_payment_that_its_provider_refuses_to_close_is_not_closed()
    {
        var payment = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/payments", new { amount = 900, currency = "usd", presentation = "embedded" }));
        await shop.FaultAsync("429", new { method = "POST", path = "/cancel$" });

        var canceled = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync($"/api/payments/{payment.Word("id")}/cancel", new { }));

        ((int)canceled.Status).ShouldBeGreaterThanOrEqualTo(500);
        (await shop.ReadAsync<string>("select status from payments where id = @id", new { id = payment.Word("id") })).ShouldBe("awaiting_payer");
    }

    [Fact]
    public async Task A_repeated_call_is_not_given_the_link_that_the_first_was_refused()
    {
        var user = await new AccessUser(shop, "cat").AskAsync();
        await shop.FaultAsync("none", new { @event = ".*" }, times: 20);
        await shop.ControlAsync("/stripe/pay", new { session = user.Session, card = "4242424242424242" });

        (await LinkAsync(user, "k-cat")).Word("code").ShouldBe("paid_already");
        (await LinkAsync(user, "k-cat")).Word("code").ShouldBe("paid_already");

        var other = await new AccessUser(shop, "cay").AskAsync();
        var first = await LinkAsync(other, "k-cay");
        (await LinkAsync(other, "k-cay")).Word("sessionId").ShouldBe(first.Word("sessionId"));
        (await shop.ReadAsync<long>("select count(*) from payments where purpose_id = @Conversation", new { other.Conversation })).ShouldBe(2);
    }

    [Fact]
    public async Task A_second_payment_that_takes_days_ends_as_a_failed_order_and_a_case()
    {
        await shop.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_tenderdemo0000000000000001", publishableKey = "pk_test_tenderdemo0000000000000001", paymentMethodTypes = new[] { "card", "us_bank_account" } });
        var user = await new AccessUser(shop, "dan").AskAsync();
        var older = user.Session;
        await shop.FaultAsync("drop_before", new { method = "POST", path = $"/{older}/expire$" }, times: 50);
        var newer = await LinkAsync(user, null);
        var slow = await shop.ControlAsync("/stripe/pay", new { session = newer.Word("sessionId"), card = "pm_usBankAccount_processing" });
        await Shop.UntilAsync("its order is pending", async () => await user.OrderAsync() is "pending");
        await shop.ControlAsync("/stripe/pay", new { session = older, card = "4242424242424242" });
        await user.PaidAsync();
        await shop.ControlAsync($"/stripe/payments/{slow.GetProperty("payment_intent").GetProperty("id").GetString()}/settle", new { outcome = "succeeded" });

        await Shop.UntilAsync("a case says so", async () => await shop.ReadAsync<long>(
            "select count(*) from cases c join payments p on p.id = c.payment_id where p.purpose_id = @Conversation and c.kind = 'paid_twice'", new { user.Conversation }) is 1);
        (await shop.ReadAsync<string>("select string_agg(status, ' ' order by status) from orders where conversation_id = @Conversation", new { user.Conversation })).ShouldBe("completed failed");
    }

    [Fact]
    public async Task An_order_names_the_session_of_its_link_and_what_became_of_its_key()
    {
        var user = await new AccessUser(shop, "eli").AskAsync();
        await shop.ControlAsync("/stripe/pay", new { session = user.Session, card = "4242424242424242" });
        await user.PaidAsync();
        var order = (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri("/api/orders?limit=1", UriKind.Relative)))).Body.GetProperty("data")[0];
        order.GetProperty("providerSessionId").GetString().ShouldBe(user.Session);
        var key = (await user.SendAsync(HttpMethod.Get, "/api/api-keys")).Body.GetProperty("keys")[0].GetProperty("id").GetString()!;

        await shop.Get<RevokeApiKey>().RunAsync(shop.Demo.TenantId, key, "usr_1", CancellationToken.None);

        (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri("/api/orders?limit=1", UriKind.Relative)))).Body.GetProperty("data")[0].GetProperty("keyStatus").GetString().ShouldBe("revoked");
        (await user.SendAsync(HttpMethod.Post, $"/api/api-keys/{key}/reveal")).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_test_key_does_not_set_what_live_users_pay()
    {
        var live = new HttpClient { BaseAddress = shop.Api.BaseAddress };
        live.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await shop.Get<CreateApiKey>().RunAsync(shop.Demo.TenantId, Mode.Live, "live", [], "usr_1", CancellationToken.None)).Key);
        (await live.PutAsJsonAsync("/api/tiers/both", new { name = "Both", amount = 5_000, currency = "usd" })).EnsureSuccessStatusCode();

        (await shop.Api.PutAsJsonAsync("/api/tiers/both", new { name = "Both", amount = 1, currency = "usd" })).EnsureSuccessStatusCode();

        var tiers = (await Answer.ReadAsync(await live.GetAsync(new Uri("/api/tiers", UriKind.Relative)))).Body.GetProperty("data").EnumerateArray();
        tiers.Single(tier => tier.GetProperty("code").GetString() is "both").GetProperty("amount").GetInt64().ShouldBe(5_000);
    }

    [Fact]
    public async Task A_page_of_a_link_that_its_provider_has_not_closed_asks_before_it_says_that_nothing_was_paid()
    {
        var user = await new AccessUser(shop, "gia").AskAsync();
        var (older, page) = (user.Session, await user.ReturnAddressAsync());
        await shop.FaultAsync("drop_before", new { method = "POST", path = $"/{older}/expire$" }, times: 50);
        await LinkAsync(user, null);
        await (await shop.TenantAsync()).ExecuteAsync("update attempts set ask_at = now() + interval '6 hours' where provider_payment_id = @older", new { older }, CancellationToken.None);
        (await shop.Api.GetStringAsync(new Uri(page))).ShouldContain("look again in a moment");

        await shop.FaultAsync("none", new { @event = ".*" }, times: 20);
        await shop.ControlAsync("/stripe/pay", new { session = older, card = "4242424242424242" });

        (await shop.Api.GetStringAsync(new Uri(page))).ShouldContain("Your API key is ready");
        await shop.EndFaultsAsync();
    }

    [Fact]
    public async Task Two_links_of_one_conversation_that_are_paid_at_the_same_time_make_one_key_and_one_case()
    {
        for (var round = 1; round <= 5; round++)
        {
            var user = await new AccessUser(shop, $"ida-{round}").AskAsync();
            await shop.FaultAsync("drop_before", new { method = "POST", path = $"/{user.Session}/expire$" }, times: 50);
            await LinkAsync(user, null);
            var payments = (await (await shop.TenantAsync()).QueryAsync<string>("select id from payments where purpose_id = @Conversation", new { user.Conversation }, CancellationToken.None)).ToList();

            // None of them fails, and is tried again after a while: the second is decided anew at once.
            await Task.WhenAll(payments.Select(payment => shop.SaidToHavePaidAsync(payment, 2_000)));

            (await shop.ReadAsync<string>("""
                select (select string_agg(status, ' ' order by status) from orders where conversation_id = @Conversation) || ', ' || count(*) filter (where c.kind = 'paid_twice')
                from cases c join payments p on p.id = c.payment_id where p.purpose_id = @Conversation
                """, new { user.Conversation })).ShouldBe("completed, 1");
        }

        await shop.EndFaultsAsync();
    }

    [Fact]
    public async Task A_page_says_that_another_sum_came_and_the_rest_settles_it()
    {
        var user = await new AccessUser(shop, "jan").AskAsync();
        var (payment, page) = (await user.PaymentAsync(), await user.ReturnAddressAsync());

        await shop.SaidToHavePaidAsync(payment, 1);
        (await shop.Api.GetStringAsync(new Uri(page))).ShouldContain("not the sum that was asked for");
        await shop.SaidToHavePaidAsync(payment, 2_000);

        (await shop.Api.GetStringAsync(new Uri(page))).ShouldContain("Your API key is ready");
        (await shop.ReadAsync<long>("select count(*) from cases where payment_id = @payment and closed_at is null", new { payment })).ShouldBe(0);
    }

    [Fact]
    public async Task Orders_are_everybodys_or_those_of_the_user_who_is_named()
    {
        var (kai, lou) = (await PaidAsync("kai"), await PaidAsync("lou"));

        (await UsersAsync(() => kai.SendAsync(HttpMethod.Get, "/api/orders?limit=100"))).Distinct().ShouldBe(["kai"]);
        (await UsersAsync(() => lou.SendAsync(HttpMethod.Get, "/api/orders?limit=100"))).Distinct().ShouldBe(["lou"]);
        (await UsersAsync(() => new AccessUser(shop, "nobody-ever").SendAsync(HttpMethod.Get, "/api/orders"))).ShouldBeEmpty();
        (await UsersAsync(async () => await Answer.ReadAsync(await shop.Api.GetAsync(new Uri("/api/orders?limit=100", UriKind.Relative))))).Intersect(["kai", "lou"]).Count().ShouldBe(2);

        static async Task<IEnumerable<string>> UsersAsync(Func<Task<Answer>> ask) =>
            [.. (await ask()).Body.GetProperty("data").EnumerateArray().Select(order => order.GetProperty("userId").GetString()!)];
    }

    [Fact]
    public async Task A_user_that_is_named_by_nothing_is_nobody()
    {
        var user = await new AccessUser(shop, "fay").AskAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/conversations/{user.Conversation}");
        request.Headers.TryAddWithoutValidation("Tender-User", "");

        (await shop.Api.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<AccessUser> PaidAsync(string name)
    {
        var user = await new AccessUser(shop, name).AskAsync();
        await shop.ControlAsync("/stripe/pay", new { session = user.Session, card = "4242424242424242" });
        await user.PaidAsync();
        return user;
    }

    private async Task<Answer> LinkAsync(AccessUser user, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/link") { Content = JsonContent.Create(new { conversationId = user.Conversation, tier = "premium" }) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Answer.ReadAsync(await shop.Api.SendAsync(request));
    }

    // At the provider itself, as its own account sees it.
    private async Task ClosedThereAsync(string sql, string value)
    {
        var session = await shop.ReadAsync<string>(sql, new { Conversation = value });
        await Shop.UntilAsync($"{session} is closed", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{shop.SimulatorUrl}/stripe/v1/checkout/sessions/{session}");
            request.Headers.Authorization = new("Bearer", "sk_test_tenderdemo0000000000000001");
            return (await Answer.ReadAsync(await shop.Api.SendAsync(request))).Word("status") is "expired";
        });
    }
}
