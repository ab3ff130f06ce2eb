namespace Tender.Tests.Simulators.Stripe;

public sealed class CardTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    [Theory]
    [InlineData("pm_card_visa")]
    [InlineData("pm_card_mastercard")]
    [InlineData("pm_card_amex")]
    [InlineData("pm_card_threeDSecureOptional")]
    public async Task Good_cards_pay(string token)
    {
        var intent = (await stripe.PayAsync(token, "&expand[]=latest_charge.balance_transaction")).Ok();

        intent.Text("status").ShouldBe("succeeded");
        intent.Number("amount_received").ShouldBe(2000);
        intent.Text("latest_charge.paid").ShouldBe("True");
        intent.Number("latest_charge.balance_transaction.fee").ShouldBe(88);
        intent.Number("latest_charge.balance_transaction.net").ShouldBe(1912);
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined", "generic_decline")]
    [InlineData("4000000000009995", "card_declined", "insufficient_funds")]
    [InlineData("4000000000009987", "card_declined", "lost_card")]
    [InlineData("4000000000009979", "card_declined", "stolen_card")]
    [InlineData("4000000000006975", "card_declined", "card_velocity_exceeded")]
    [InlineData("4000000000000069", "expired_card", null)]
    [InlineData("4000000000000127", "incorrect_cvc", null)]
    [InlineData("4000000000000119", "processing_error", null)]
    [InlineData("4242424242424241", "incorrect_number", null)]
    [InlineData("4111111111111111", "card_declined", "test_mode_live_card")]
    public async Task Bad_cards_are_declined_and_the_payment_stays_open(string number, string code, string? decline)
    {
        var intent = await stripe.NewIntentAsync("&metadata[secret]=ours");
        var answer = await ConfirmInBrowserAsync(intent, number);

        answer.ShouldFail(402, code);
        answer.Error.Text("type").ShouldBe("card_error");
        if (decline is not null) answer.Error.Text("decline_code").ShouldBe(decline);

        var now = (await stripe.GetAsync($"/v1/payment_intents/{intent.Text("id")}")).Ok();
        now.Text("status").ShouldBe("requires_payment_method");
        if (code is "incorrect_number") return;
        now.Text("last_payment_error.code").ShouldBe(code);
        answer.Error.Text("payment_intent.status").ShouldBe("requires_payment_method");
        answer.Text.ShouldNotContain("ours");

        (await ConfirmInBrowserAsync(intent, "4242424242424242")).Ok().Text("status").ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_browser_needs_the_client_secret_and_sees_no_metadata()
    {
        var intent = await stripe.NewIntentAsync("&metadata[secret]=ours");
        var path = $"/v1/payment_intents/{intent.Text("id")}";

        (await stripe.GetAsync(path, SimulatedStripe.PublishableKey)).ShouldFail(400, "parameter_missing");
        (await stripe.GetAsync($"{path}?client_secret={intent.Text("id")}_secret_wrong", SimulatedStripe.PublishableKey)).ShouldFail(400, "payment_intent_invalid_parameter");
        var seen = (await stripe.GetAsync($"{path}?client_secret={intent.Text("client_secret")}", SimulatedStripe.PublishableKey)).Ok();
        seen.TryGetProperty("metadata", out _).ShouldBeFalse();
        seen.Text("status").ShouldBe("requires_payment_method");
    }

    [Fact]
    public async Task A_server_may_not_send_card_numbers()
    {
        var intent = await stripe.NewIntentAsync();
        var answer = await stripe.PostAsync($"/v1/payment_intents/{intent.Text("id")}/confirm", $"return_url=https://a.example&{CardForm("4242424242424242")}");

        ((int)answer.Status).ShouldBe(402);
        answer.Error.Text("message")!.ShouldContain("generally unsafe");
    }

    [Fact]
    public async Task A_past_date_is_refused()
    {
        var intent = await stripe.NewIntentAsync();
        var form = CardForm("4242424242424242").Replace("2031", "2020", StringComparison.Ordinal);
        (await stripe.PostAsync($"/v1/payment_intents/{intent.Text("id")}/confirm", $"client_secret={intent.Text("client_secret")}&use_stripe_sdk=true&{form}", secret: SimulatedStripe.PublishableKey)).ShouldFail(402, "invalid_expiry_year");
    }

    [Fact]
    public async Task Without_a_return_address_automatic_methods_are_not_confirmed()
    {
        var answer = await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd&confirm=true&payment_method=pm_card_visa");

        ((int)answer.Status).ShouldBe(400);
        answer.Error.Text("message")!.ShouldContain("return_url");
    }

    [Fact]
    public async Task What_has_succeeded_is_neither_confirmed_nor_cancelled_again()
    {
        var id = (await stripe.PayAsync("pm_card_visa")).Ok().Text("id");

        (await stripe.PostAsync($"/v1/payment_intents/{id}/confirm", "payment_method=pm_card_visa&return_url=https://a.example")).ShouldFail(400, "payment_intent_unexpected_state");
        (await stripe.PostAsync($"/v1/payment_intents/{id}/cancel")).ShouldFail(400, "payment_intent_unexpected_state");
    }

    [Fact]
    public async Task Cancelling_is_once_and_final()
    {
        var id = (await stripe.NewIntentAsync()).Text("id");

        (await stripe.PostAsync($"/v1/payment_intents/{id}/cancel", "cancellation_reason=abandoned")).Ok().Text("status").ShouldBe("canceled");
        (await stripe.PostAsync($"/v1/payment_intents/{id}/cancel")).ShouldFail(400, "payment_intent_unexpected_state");
        (await stripe.PostAsync($"/v1/payment_intents/{id}/confirm", "payment_method=pm_card_visa&return_url=https://a.example")).ShouldFail(400, "payment_intent_unexpected_state");
    }

    [Fact]
    public async Task Money_may_be_held_captured_in_part_or_let_go()
    {
        var held = (await stripe.PayAsync("pm_card_visa", "&capture_method=manual")).Ok();
        held.Text("status").ShouldBe("requires_capture");
        held.Number("amount_capturable").ShouldBe(2000);

        (await stripe.PostAsync($"/v1/payment_intents/{held.Text("id")}/capture", "amount_to_capture=2001")).ShouldFail(400, "amount_too_large");
        var taken = (await stripe.PostAsync($"/v1/payment_intents/{held.Text("id")}/capture", "amount_to_capture=1500&expand[]=latest_charge")).Ok();
        taken.Text("status").ShouldBe("succeeded");
        taken.Number("amount_received").ShouldBe(1500);
        (await stripe.PostAsync("/v1/refunds", $"payment_intent={held.Text("id")}&amount=1501")).Error.Text("message")!.ShouldContain("greater than unrefunded");
        (await stripe.PostAsync("/v1/refunds", $"payment_intent={held.Text("id")}")).Ok().Number("amount").ShouldBe(1500);

        var expiring = (await stripe.PayAsync("pm_card_visa", "&capture_method=manual")).Ok();
        await stripe.ControlAsync($"/stripe/payments/{expiring.Text("id")}/expire_hold");
        var expired = (await stripe.GetAsync($"/v1/payment_intents/{expiring.Text("id")}")).Ok();
        expired.Text("status").ShouldBe("canceled");
        expired.Text("cancellation_reason").ShouldBe("automatic");
    }

    [Theory]
    [InlineData("succeeded", "succeeded")]
    [InlineData("failed", "requires_payment_method")]
    public async Task A_slow_method_waits_until_it_is_settled(string outcome, string status)
    {
        var intent = (await stripe.PayAsync("pm_usBankAccount_processing", "&payment_method_types[]=us_bank_account")).Ok();
        intent.Text("status").ShouldBe("processing");

        var settled = await stripe.ControlAsync($"/stripe/payments/{intent.Text("id")}/settle", new { outcome });
        settled.Text("status").ShouldBe(status);
    }

    [Fact]
    public async Task Every_movement_is_in_the_ledger_and_sums_to_nothing()
    {
        await using var own = new OwnSimulator();
        await own.Stripe.InitializeAsync();
        var intent = (await own.Stripe.PayAsync("pm_card_visa", "&metadata[order]=7")).Ok();
        await own.Stripe.PostAsync("/v1/refunds", $"payment_intent={intent.Text("id")}&amount=500");

        var ledger = await own.Stripe.LedgerAsync();

        ledger.GetProperty("movements").EnumerateArray().Select(movement => (movement.Text("kind"), movement.Number("amount"))).ShouldBe([("charge", 2000), ("fee", 88), ("refund", 500)]);
        ledger.GetProperty("movements")[0].Text("metadata.order").ShouldBe("7");
        ledger.GetProperty("balances").EnumerateArray().Sum(balance => balance.Number("amount")).ShouldBe(0);
    }

    private Task<Answer> ConfirmInBrowserAsync(System.Text.Json.JsonElement intent, string number) => stripe.PostAsync(
        $"/v1/payment_intents/{intent.Text("id")}/confirm",
        $"client_secret={intent.Text("client_secret")}&use_stripe_sdk=true&return_url=https://a.example&{CardForm(number)}",
        secret: SimulatedStripe.PublishableKey);

    private static string CardForm(string number) =>
        $"payment_method_data[type]=card&payment_method_data[card][number]={number}&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2031&payment_method_data[card][cvc]=123";
}
