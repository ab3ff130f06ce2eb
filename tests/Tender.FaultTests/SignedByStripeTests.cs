using System.Text.Json.Nodes;
using Tender.Server.Connections;
using Tender.Server.Tenancy;

namespace Tender.FaultTests;

/// <summary>Webhooks of paid access, signed by the npm package stripe: software that is neither ours nor the simulator's.</summary>
public sealed class SignedByStripeTests(Shop shop) : IClassFixture<Shop>, IAsyncLifetime
{
    private const string Card = "4242424242424242";

    // The events that the source names, and their async siblings. A declined try leaves the link open.
    private static readonly Story[] Stories =
    [
        new("checkout.session.completed", Card, null, "paid", "completed"),
        new("checkout.session.async_payment_succeeded", "pm_usBankAccount_processing", "succeeded", "paid", "completed"),
        new("checkout.session.async_payment_failed", "pm_usBankAccount_processing", "failed", "failed", "failed"),
        new("payment_intent.payment_failed", "4000000000000002", null, "pending", null),
        new("payment_intent.failed", "4000000000000002", null, "pending", null),
    ];

    private SilentStripe stripe = null!;

    public async Task InitializeAsync()
    {
        stripe = await SilentStripe.OfAsync(shop);
        await shop.ControlAsync("/stripe/accounts", new { secretKey = SilentStripe.DemoKey, publishableKey = "pk_test_tenderdemo0000000000000001", paymentMethodTypes = new[] { "card", "us_bank_account" } });
    }

    public Task DisposeAsync()
    {
        stripe.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public Task What_comes_to_the_platforms_address_is_applied() => TellStoriesAsync(WebhookPlace.Platform(shop), "usd");

    [Fact]
    public async Task What_comes_to_the_connections_own_address_is_applied() => await TellStoriesAsync(await WebhookPlace.OwnAsync(shop), "usd");

    [Fact]
    public async Task What_comes_to_the_platform_about_a_connected_account_is_applied()
    {
        await ConnectedAccount.ConnectAsync(shop, "acct_stall", "chf");

        await TellStoriesAsync(WebhookPlace.Platform(shop, "acct_stall"), "chf");
    }

    [Fact]
    public async Task That_somebody_paid_is_not_believed_at_the_platforms_address_until_their_provider_says_so()
    {
        var (place, user) = (WebhookPlace.Platform(shop), await new AccessUser(shop, "who did not pay").AskAsync());
        var attempt = await shop.ReadAsync<string>("select id from attempts where provider_payment_id = @Session", new { user.Session });
        var claim = (await stripe.EventAsync("checkout.session.completed", (await PaidAsync("who paid")).Session)).With(news =>
        {
            var session = SilentStripe.AboutIn(news);
            (session["id"], session["client_reference_id"], session["metadata"]!["tender_attempt"]) = (user.Session, attempt, attempt);
        });

        await place.TakesAsync(stripe, claim, (await SilentStripe.SignAsync(place.Secret, claim.Payload))[0]);

        await place.AppliesAsync(claim, user);
        (await user.StatusAsync(), await user.OrderAsync()).ShouldBe(("pending", null));
    }

    [Fact]
    public async Task Who_owns_an_account_does_not_say_by_its_metadata_what_was_paid_on_another()
    {
        var (place, user) = (WebhookPlace.Platform(shop), await PaidAsync("another account's"));
        var news = (await stripe.EventAsync("checkout.session.completed", user.Session)).With(e => e["account"] = "acct_stranger");

        await place.TakesAsync(stripe, news, (await SilentStripe.SignAsync(place.Secret, news.Payload))[0]);

        await Shop.UntilAsync("the stranger's word is put away", async () => await place.OutcomeAsync(news) is "not_ours");
    }

    [Fact]
    public async Task What_names_nothing_of_ours_goes_to_the_tenant_that_connected_its_account_and_to_no_other()
    {
        var place = WebhookPlace.Platform(shop);
        var pier = await shop.Get<CreateTenant>().RunAsync("north-pier", "North Pier", "chf", "pro", CancellationToken.None);
        await shop.Get<ConnectedAccounts>().AddAsync(pier, "stripe", "acct_pier", "con_pier", CancellationToken.None);
        var theirs = (await stripe.EventAsync("checkout.session.completed", (await PaidAsync("nameless")).Session)).With(news =>
        {
            var session = SilentStripe.AboutIn(news);
            (news["account"], session["client_reference_id"], session["metadata"], session["payment_intent"]) = ("acct_pier", null, new JsonObject(), "pi_of_the_pier");
        });
        var nobodys = theirs.With(news => news["account"] = "acct_nobody");
        var headers = await SilentStripe.SignAsync(place.Secret, theirs.Payload, nobodys.Payload);

        await place.TakesAsync(stripe, theirs, headers[0]);
        await place.TakesAsync(stripe, nobodys, headers[1]);

        var db = (await shop.Get<TenantDatabases>().FindAsync(pier.Code, CancellationToken.None))!;
        (await db.QueryAsync<string>("select event_id from provider_events", null, CancellationToken.None)).ShouldBe([theirs.Id]);
        (await place.StoredAsync(theirs), await place.StoredAsync(nobodys)).ShouldBe((0, 0));
    }

    private async Task TellStoriesAsync(WebhookPlace place, string currency)
    {
        var told = new List<(Story Story, AccessUser User, string Intent)>();
        foreach (var story in Stories)
        {
            var user = await new AccessUser(shop, $"{place.Source} {place.Account} {story.Type}").AskAsync(currency, currency);
            told.Add((story, user, await PayAsync(user, story.Card)));
        }

        // The bank's word comes days after the page was submitted: two rounds.
        await TellAsync(place, told.Select(one => (one.User, one.Story.First, one.Story.First.StartsWith("checkout.", StringComparison.Ordinal) ? one.User.Session : one.Intent)));
        var settled = told.Where(one => one.Story.Settle is not null).ToList();
        foreach (var (story, _, intent) in settled) await shop.ControlAsync($"/stripe/payments/{intent}/settle", new { outcome = story.Settle });
        await TellAsync(place, settled.Select(one => (one.User, one.Story.Type, one.User.Session)));

        foreach (var (story, user, _) in told)
        {
            (await user.StatusAsync(), await user.OrderAsync()).ShouldBe((story.Conversation, story.Order), story.Type);
            if (story.Conversation is "paid") await user.HasOneOfEachAsync();
        }
    }

    private async Task TellAsync(WebhookPlace place, IEnumerable<(AccessUser User, string Type, string About)> what)
    {
        var events = new List<(AccessUser User, SilentStripe.Webhook News)>();
        foreach (var (user, type, about) in what)
        {
            // The source's name of it; Stripe's own is payment_failed.
            var news = await stripe.EventAsync(type is "payment_intent.failed" ? "payment_intent.payment_failed" : type, about, place.Account);
            events.Add((user, news.With(e => e["type"] = type)));
        }

        var headers = await SilentStripe.SignAsync(place.Secret, events.Select(one => one.News.Payload));
        foreach (var ((_, news), header) in events.Zip(headers)) await place.TakesAsync(stripe, news, header);
        foreach (var (user, news) in events) await place.AppliesAsync(news, user);
    }

    private async Task<AccessUser> PaidAsync(string name)
    {
        var user = await new AccessUser(shop, name).AskAsync();
        await PayAsync(user, Card);
        return user;
    }

    private async Task<string> PayAsync(AccessUser user, string card) =>
        (await shop.ControlAsync("/stripe/pay", new { session = user.Session, card })).GetProperty("payment_intent").GetProperty("id").GetString()!;

    /// <param name="Settle">What the payer's bank says days later.</param>
    private sealed record Story(string Type, string Card, string? Settle, string Conversation, string? Order)
    {
        public string First => Settle is null ? Type : "checkout.session.completed";
    }
}
