using System.Net;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Members;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;
using Tender.Tests.Providers.Stripe;
using Tender.Tests.Server.Secrets;

namespace Tender.FaultTests;

/// <summary>What proves a webhook, at the platform's address and at a connection's own; the npm package stripe signs.</summary>
public sealed class WebhookProofTests(Shop shop) : IClassFixture<Shop>, IAsyncLifetime
{
    private SilentStripe stripe = null!;

    public async Task InitializeAsync() => stripe = await SilentStripe.OfAsync(shop);

    public Task DisposeAsync()
    {
        stripe.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Whatever_Stripes_library_would_refuse_is_answered_400_and_nothing_of_it_is_stored()
    {
        var (_, news) = await PaidAsync("forged");
        var payload = news.Payload;
        foreach (var place in new[] { WebhookPlace.Platform(shop), await WebhookPlace.OwnAsync(shop) })
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            var headers = await StripeLibrary.SignAsync([new(payload, place.Secret, now), new(payload, "whsec_another", now), new(payload, place.Secret, now - 330), new(payload, place.Secret, now + 330)]);
            var right = headers[0];

            foreach (var header in headers.Skip(1).Append("t=1").Append(null)) await place.RefusesAsync(stripe, payload, header);
            await place.RefusesAsync(stripe, payload.Replace("\"amount_total\":2000", "\"amount_total\":2001", StringComparison.Ordinal), right);
            await place.RefusesAsync(stripe, payload + " ", right);
            (await place.StoredAsync(news)).ShouldBe(0);

            await place.TakesAsync(stripe, news, right);
            (await place.StoredAsync(news)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task An_id_that_is_no_name_is_answered_400_whoever_the_event_is_about()
    {
        var (_, paid) = await PaidAsync("nameless");
        foreach (var place in new[] { WebhookPlace.Platform(shop), await WebhookPlace.OwnAsync(shop) })
        {
            foreach (var type in new[] { "checkout.session.completed", "customer.created" })
            {
                var news = paid.With(e => (e["id"], e["type"]) = (new string('e', 300), type));
                await place.RefusesAsync(stripe, news.Payload, (await SilentStripe.SignAsync(place.Secret, news.Payload))[0]);
                (await place.StoredAsync(news)).ShouldBe(0);
            }
        }
    }

    [Fact]
    public async Task More_than_a_megabyte_is_413_however_well_it_is_signed()
    {
        var (_, news) = await PaidAsync("long");
        foreach (var place in new[] { WebhookPlace.Platform(shop), await WebhookPlace.OwnAsync(shop) })
        {
            var (most, more) = (news.Payload.PadRight(1_000_000), news.Payload.PadRight(1_000_001));
            var headers = await SilentStripe.SignAsync(place.Secret, most, more);

            var refused = await stripe.SendAsync(place.Path, more, headers[1]);
            refused.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            refused.Word("code").ShouldBe("body_too_large");
            (await place.StoredAsync(news)).ShouldBe(0);
            (await stripe.SendAsync(place.Path, most, headers[0])).Status.ShouldBe(HttpStatusCode.OK);
            (await place.StoredAsync(news)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task While_the_platforms_secret_is_replaced_both_are_taken()
    {
        var place = WebhookPlace.Platform(shop);
        var paid = new[] { await PaidAsync("old"), await PaidAsync("new"), await PaidAsync("both") };
        var (olds, news) = (await SignAsync(place.Secret, paid), await SignAsync("whsec_new", paid));
        // Stripe may roll before this end knows the newest.
        string[] headers = [olds[0], news[1], await SilentStripe.SignWithEachAsync(paid[2].News.Payload, "whsec_newest", "whsec_new")];
        await shop.StopServerAsync();
        try
        {
            await using var node = await AnotherNode.StartAsync(shop, settings => settings with { Stripe = settings.Stripe with { WebhookSecrets = [new("whsec_new"), new(place.Secret)] } });
            await TakesAllAsync(place, paid, headers, node.Api);
        }
        finally
        {
            await shop.StartServerAsync();
        }

        await place.RefusesAsync(stripe, paid[1].News.Payload, news[1]);
    }

    [Fact]
    public async Task While_a_connections_secret_is_replaced_both_are_taken()
    {
        var place = await WebhookPlace.OwnAsync(shop);
        var paid = new[] { await PaidAsync("own old"), await PaidAsync("own new"), await PaidAsync("own both") };
        var (olds, news) = (await SignAsync(place.Secret, paid), await SignAsync("whsec_own_new", paid));
        await place.RefusesAsync(stripe, paid[1].News.Payload, news[1]);

        await ReplaceSecretAsync(place.Source, "whsec_own_new");

        await TakesAllAsync(place, paid, [olds[0], news[1], await SilentStripe.SignWithEachAsync(paid[2].News.Payload, place.Secret, "whsec_own_new")], node: null);
    }

    private async Task TakesAllAsync(WebhookPlace place, (AccessUser User, SilentStripe.Webhook News)[] paid, string[] headers, HttpClient? node)
    {
        await place.RefusesAsync(stripe, paid[0].News.Payload, (await SignAsync("whsec_third", paid))[0], node);
        foreach (var ((_, news), header) in paid.Zip(headers)) await place.TakesAsync(stripe, news, header, node);
        foreach (var (user, news) in paid) await place.AppliesAsync(news, user);
    }

    // As a member does who pastes what the provider's dashboard shows.
    private async Task ReplaceSecretAsync(string connection, string secret)
    {
        var (tenant, purpose) = (shop.Demo.TenantId, ReadCredentials.Purpose("stripe", "webhookSecret"));
        var text = TestBrowser.Seal(secret, await shop.Get<EncryptionKeys>().CurrentAsync(default), shop.Get<Challenges>().Issue(tenant), tenant, purpose);
        var caller = new Caller("test", tenant, Mode.Test, Callers.Admin);
        var db = (await shop.Get<TenantDatabases>().FindAsync(tenant, default))!;
        (await shop.Get<ChangeConnection>().RunAsync(db, connection, new(Credentials: new() { ["webhookSecret"] = text }), caller, default)).ShouldBeOfType<Saved.Changed>();
    }

    private static Task<IReadOnlyList<string>> SignAsync(string secret, (AccessUser User, SilentStripe.Webhook News)[] paid) =>
        SilentStripe.SignAsync(secret, paid.Select(one => one.News.Payload));

    private async Task<(AccessUser User, SilentStripe.Webhook News)> PaidAsync(string name)
    {
        var user = await new AccessUser(shop, name).AskAsync();
        await shop.ControlAsync("/stripe/pay", new { session = user.Session });
        return (user, await stripe.EventAsync("checkout.session.completed", user.Session));
    }
}
