namespace Tender.Tests.Simulators.Stripe;

public sealed class WebhookTests : IAsyncLifetime
{
    private readonly SimulatedStripe stripe = new();

    public Task InitializeAsync() => stripe.InitializeAsync();

    public Task DisposeAsync() => stripe.DisposeAsync();

    [Fact]
    public void The_vector_of_the_wire_sheet_holds_for_our_check()
    {
        WebhookEar.Sign("whsec_test_secret", 1_700_000_000, """{"id":"evt_test","object":"event"}""").ShouldBe("8042376f6ca064adbe037642a718227dfd59047137eb49497a54c49eb0cfb724");
    }

    [Fact]
    public async Task A_paid_payment_is_told_with_a_signature_that_holds()
    {
        await using var ear = await WebhookEar.OpenAsync(stripe, "payment_intent.succeeded");
        var intent = (await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd&confirm=true&payment_method=pm_card_visa&return_url=https://a.example", "key-1")).Ok();

        var heard = await ear.NextAsync();

        heard.IsSignedWith(WebhookEar.Secret).ShouldBeTrue();
        heard.Parts("v0").Count().ShouldBe(1);
        heard.Event.Text("object").ShouldBe("event");
        heard.Event.Text("api_version").ShouldBe("2026-07-29.dahlia");
        heard.Event.Text("data.object.id").ShouldBe(intent.Text("id"));
        heard.Event.Text("data.object.status").ShouldBe("succeeded");
        heard.Event.Text("request.idempotency_key").ShouldBe("key-1");
        (await stripe.GetAsync($"/v1/events/{heard.Id}")).Ok().Text("type").ShouldBe("payment_intent.succeeded");
        await ear.StaySilentAsync();
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_only_wanted_events_arrive()
    {
        await using var ear = await WebhookEar.OpenAsync();
        var made = (await stripe.PostAsync("/v1/webhook_endpoints", $"url={ear.Url}&enabled_events[]=refund.created")).Ok();
        made.Text("secret")!.ShouldStartWith("whsec_");
        (await stripe.GetAsync($"/v1/webhook_endpoints/{made.Text("id")}")).Ok().TryGetProperty("secret", out _).ShouldBeFalse();
        var id = (await stripe.PayAsync("pm_card_visa")).Ok().Text("id");
        await stripe.PostAsync("/v1/refunds", $"payment_intent={id}");

        var heard = await ear.NextAsync();
        heard.Type.ShouldBe("refund.created");
        heard.IsSignedWith(made.Text("secret")!).ShouldBeTrue();

        (await stripe.SendAsync(HttpMethod.Delete, $"/v1/webhook_endpoints/{made.Text("id")}", null)).Ok().Text("deleted").ShouldBe("True");
        (await stripe.PostAsync("/v1/webhook_endpoints", "url=http://a.example&enabled_events[]=payment_intent.failed")).Error.Text("param").ShouldBe("enabled_events");
        (await stripe.PostAsync("/v1/webhook_endpoints", "url=http://a.example")).ShouldFail(400, "parameter_missing");
    }

    [Fact]
    public async Task While_a_secret_is_rolled_both_sign()
    {
        await using var ear = await WebhookEar.OpenAsync();
        var endpoint = await stripe.ControlAsync("/stripe/webhook_endpoints", new { url = ear.Url, secret = "whsec_old", enabledEvents = new[] { "payment_intent.created" } });
        await stripe.ControlAsync($"/stripe/webhook_endpoints/{endpoint.Text("id")}/roll", new { secret = "whsec_new", keepOldSeconds = 3600 });
        await stripe.NewIntentAsync();
        var both = await ear.NextAsync();
        both.IsSignedWith("whsec_old").ShouldBeTrue();
        both.IsSignedWith("whsec_new").ShouldBeTrue();

        await stripe.AdvanceAsync(3601);
        await stripe.NewIntentAsync();
        var after = await ear.NextAsync();
        after.IsSignedWith("whsec_old").ShouldBeFalse();
        after.IsSignedWith("whsec_new").ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_and_signed_anew()
    {
        await using var ear = await WebhookEar.OpenAsync(stripe, "payment_intent.created");
        ear.Refusals = 2;
        await stripe.NewIntentAsync();

        var first = await ear.NextAsync();
        var second = await ear.NextAsync();
        var third = await ear.NextAsync();

        new[] { second.Id, third.Id }.ShouldAllBe(id => id == first.Id);
        third.IsSignedWith(WebhookEar.Secret).ShouldBeTrue();
        await ear.StaySilentAsync();
    }

    [Theory]
    [InlineData("twice", 2)]
    [InlineData("none", 0)]
    [InlineData("late", 1)]
    public async Task The_script_repeats_loses_and_delays(string fault, int times)
    {
        await using var ear = await WebhookEar.OpenAsync(stripe, "payment_intent.created");
        await stripe.FaultAsync(fault, new { @event = "^payment_intent" }, ms: 60_000);
        await stripe.NewIntentAsync();
        if (fault is "late")
        {
            await ear.StaySilentAsync();
            await stripe.AdvanceAsync(61);
        }

        for (var count = 0; count < times; count++) (await ear.NextAsync()).Type.ShouldBe("payment_intent.created");
        await ear.StaySilentAsync();
    }

    [Fact]
    public async Task Held_and_shuffled_deliveries_come_when_and_how_they_are_told()
    {
        await using var ear = await WebhookEar.OpenAsync(stripe, "payment_intent.created", "payment_intent.canceled");
        await stripe.FaultAsync("hold", new { @event = "created" });
        var id = (await stripe.NewIntentAsync()).Text("id");
        await ear.StaySilentAsync();
        (await stripe.ControlAsync("/stripe/deliveries/release")).Number("released").ShouldBe(1);
        (await ear.NextAsync()).Event.Text("data.object.id").ShouldBe(id);

        await stripe.FaultAsync("out_of_order", new { }, times: 2);
        var next = (await stripe.NewIntentAsync()).Text("id");
        await stripe.PostAsync($"/v1/payment_intents/{next}/cancel");
        (await ear.NextAsync()).Type.ShouldBe("payment_intent.canceled");
        (await ear.NextAsync()).Type.ShouldBe("payment_intent.created");
    }

    [Fact]
    public async Task Forged_and_stale_deliveries_are_what_they_say()
    {
        await using var ear = await WebhookEar.OpenAsync(stripe, "payment_intent.created");
        await stripe.FaultAsync("forged", new { });
        await stripe.FaultAsync("stale", new { });
        await stripe.NewIntentAsync();
        var forged = await ear.NextAsync();
        await stripe.NewIntentAsync();
        var stale = await ear.NextAsync();

        forged.IsSignedWith(WebhookEar.Secret).ShouldBeFalse();
        stale.IsSignedWith(WebhookEar.Secret).ShouldBeTrue();
        (forged.Time - stale.Time).ShouldBeInRange(3500, 3700);
        await stripe.ControlAsync($"/stripe/events/{forged.Id}/resend");
        (await ear.NextAsync()).IsSignedWith(WebhookEar.Secret).ShouldBeTrue();
    }

    [Fact]
    public async Task A_webhook_may_come_before_the_answer()
    {
        await using var ear = await WebhookEar.OpenAsync(stripe, "payment_intent.succeeded");
        await stripe.FaultAsync("before_answer", new { });
        (await stripe.PayAsync("pm_card_visa")).Ok();

        ear.HasHeard.ShouldBeTrue();
    }
}
