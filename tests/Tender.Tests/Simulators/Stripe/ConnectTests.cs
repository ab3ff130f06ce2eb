namespace Tender.Tests.Simulators.Stripe;

public sealed class ConnectTests : IAsyncLifetime
{
    private readonly SimulatedStripe stripe = new();

    public async Task InitializeAsync()
    {
        await stripe.InitializeAsync();
        await stripe.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_connected0000000001", publishableKey = "pk_test_connected0000000001", accountId = "acct_connected", platform = "acct_tenderdemo", displayName = "Bea's stall" });
    }

    public Task DisposeAsync() => stripe.DisposeAsync();

    [Fact]
    public async Task A_direct_charge_lives_on_the_connected_account_alone()
    {
        var intent = (await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd&application_fee_amount=100", account: "acct_connected")).Ok();
        var path = $"/v1/payment_intents/{intent.Text("id")}";

        (await stripe.GetAsync(path)).ShouldFail(404, "resource_missing");
        (await stripe.GetAsync(path, account: "acct_connected")).Ok();
        (await stripe.GetAsync(path, "sk_test_connected0000000001")).Ok();
        (await stripe.GetAsync("/v1/account", account: "acct_connected")).Ok().Text("settings.dashboard.display_name").ShouldBe("Bea's stall");
        (await stripe.GetAsync("/v1/account", account: "acct_stranger")).ShouldFail(403, "account_invalid");
    }

    [Fact]
    public async Task A_browser_pays_with_the_platforms_key_and_the_accounts_name()
    {
        var intent = (await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd&application_fee_amount=100", account: "acct_connected")).Ok();
        var paid = (await stripe.PostAsync(
            $"/v1/payment_intents/{intent.Text("id")}/confirm",
            $"client_secret={intent.Text("client_secret")}&use_stripe_sdk=true&payment_method=pm_card_visa",
            secret: SimulatedStripe.PublishableKey,
            account: "acct_connected")).Ok();

        paid.Text("status").ShouldBe("succeeded");
        var kinds = (await stripe.LedgerAsync("acct_connected")).GetProperty("movements").EnumerateArray().Select(movement => movement.Text("kind"));
        kinds.ShouldBe(["charge", "fee", "application_fee"]);
        (await stripe.LedgerAsync()).GetProperty("movements").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_platform_hears_of_it_with_the_accounts_name()
    {
        await using var platform = await WebhookEar.OpenAsync();
        await using var own = await WebhookEar.OpenAsync();
        await stripe.PostAsync("/v1/webhook_endpoints", $"url={platform.Url}&enabled_events[]=*&connect=true");
        await stripe.PostAsync("/v1/webhook_endpoints", $"url={own.Url}&enabled_events[]=*", account: "acct_connected");

        await stripe.NewIntentAsync();
        await platform.StaySilentAsync();
        await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd", account: "acct_connected");

        (await platform.NextAsync()).Event.Text("account").ShouldBe("acct_connected");
        (await own.NextAsync()).Event.TryGetProperty("account", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_destination_charge_passes_the_money_on()
    {
        (await stripe.PayAsync("pm_card_visa", "&transfer_data[destination]=acct_connected&application_fee_amount=300")).Ok();

        var transfer = (await stripe.LedgerAsync()).GetProperty("movements").EnumerateArray().Single(movement => movement.Text("kind") == "transfer");
        transfer.Number("amount").ShouldBe(1700);
        transfer.Text("to").ShouldBe("acct_connected");
        (await stripe.PayAsync("pm_card_visa", "&transfer_data[destination]=acct_stranger")).ShouldFail(400, "resource_missing");
    }

    [Fact]
    public async Task Live_and_test_never_mix()
    {
        await stripe.ControlAsync("/stripe/accounts", new { secretKey = "sk_live_connected0000000001", publishableKey = "pk_live_connected0000000001", accountId = "acct_connected" });
        var live = (await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd", secret: "sk_live_connected0000000001")).Ok();

        await stripe.ControlAsync("/stripe/accounts", new { secretKey = "sk_live_connected0000000001", publishableKey = "pk_live_connected0000000001", chargesEnabled = false });

        (await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd", secret: "sk_live_connected0000000001")).ShouldFail(400, "testmode_charges_only");
        (await stripe.GetAsync("/v1/account", "sk_live_connected0000000001")).Ok().Text("charges_enabled").ShouldBe("False");
        live.Text("livemode").ShouldBe("True");
        (await stripe.GetAsync($"/v1/payment_intents/{live.Text("id")}", "sk_test_connected0000000001")).ShouldFail(404, "resource_missing");
    }
}
