using System.Net;
using System.Text.Json;

namespace Tender.Tests.Simulators.Stripe;

public sealed class ChallengeTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    [Theory]
    [InlineData("pm_card_threeDSecure2Required", "complete", "succeeded", "succeeded", null)]
    [InlineData("pm_card_threeDSecure2Required", "fail", "requires_payment_method", "failed", "payment_intent_authentication_failure")]
    [InlineData("pm_card_threeDSecureRequiredChargeDeclined", "complete", "requires_payment_method", "failed", "card_declined")]
    public async Task The_payer_answers_the_bank_and_comes_back(string token, string answer, string status, string redirectStatus, string? code)
    {
        var intent = (await stripe.PayAsync(token)).Ok();
        intent.Text("status").ShouldBe("requires_action");
        intent.Text("next_action.type").ShouldBe("redirect_to_url");
        var url = intent.Text("next_action.redirect_to_url.url")!;
        using var page = await stripe.BrowseAsync(HttpMethod.Get, url);
        (await page.Content.ReadAsStringAsync()).ShouldContain("20.00 <small>USD</small>");

        using var left = await stripe.BrowseAsync(HttpMethod.Post, url, $"outcome={answer}");

        left.StatusCode.ShouldBe(HttpStatusCode.Found);
        left.Headers.Location!.ToString().ShouldBe($"https://shop.example/back?payment_intent={intent.Text("id")}&payment_intent_client_secret={intent.Text("client_secret")}&redirect_status={redirectStatus}");
        var now = (await stripe.GetAsync($"/v1/payment_intents/{intent.Text("id")}")).Ok();
        now.Text("status").ShouldBe(status);
        now.GetProperty("next_action").ValueKind.ShouldBe(JsonValueKind.Null);
        if (code is not null) now.Text("last_payment_error.code").ShouldBe(code);
    }

    [Fact]
    public async Task A_question_is_answered_once()
    {
        var intent = (await stripe.PayAsync("pm_card_threeDSecure2Required")).Ok();
        var url = intent.Text("next_action.redirect_to_url.url")!;
        using var first = await stripe.BrowseAsync(HttpMethod.Post, url, "outcome=complete");
        using var second = await stripe.BrowseAsync(HttpMethod.Post, url, "outcome=fail");

        second.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await stripe.GetAsync($"/v1/payment_intents/{intent.Text("id")}")).Ok().Text("status").ShouldBe("succeeded");
    }

    [Fact]
    public async Task With_the_script_the_question_is_asked_in_a_frame()
    {
        var intent = (await stripe.PayAsync("pm_card_threeDSecure2Required", "&use_stripe_sdk=true")).Ok();

        intent.Text("next_action.type").ShouldBe("use_stripe_sdk");
        using var done = await stripe.BrowseAsync(HttpMethod.Post, intent.Text("next_action.use_stripe_sdk.stripe_js")!, "outcome=complete");
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await done.Content.ReadAsStringAsync()).ShouldContain("data-challenge=\"done\"");
    }

    [Theory]
    [InlineData("off_session=true")]
    [InlineData("error_on_requires_action=true")]
    public async Task Where_nobody_can_be_asked_it_is_a_refusal(string terms)
    {
        var answer = await stripe.PayAsync("pm_card_threeDSecure2Required", $"&{terms}");

        answer.ShouldFail(402, "card_declined");
        answer.Error.Text("decline_code").ShouldBe("authentication_required");
    }

    [Fact]
    public async Task A_cancelled_payment_asks_nothing_more()
    {
        var intent = (await stripe.PayAsync("pm_card_threeDSecure2Required")).Ok();
        (await stripe.PostAsync($"/v1/payment_intents/{intent.Text("id")}/cancel")).Ok();

        using var page = await stripe.BrowseAsync(HttpMethod.Post, intent.Text("next_action.redirect_to_url.url")!, "outcome=complete");

        page.StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task The_control_pays_as_a_payer_would()
    {
        var intent = await stripe.NewIntentAsync();

        (await stripe.ControlAsync("/stripe/pay", new { clientSecret = intent.Text("client_secret"), card = "4000000000003220", challenge = "fail" })).Text("payment_intent.status").ShouldBe("requires_payment_method");
        (await stripe.ControlAsync("/stripe/pay", new { paymentIntent = intent.Text("id"), card = "4000 0000 0000 9995" })).Text("error.decline_code").ShouldBe("insufficient_funds");
        (await stripe.ControlAsync("/stripe/pay", new { paymentIntent = intent.Text("id"), card = "4000000000003220", challenge = "leave" })).Text("payment_intent.status").ShouldBe("requires_action");
        (await stripe.ControlAsync($"/stripe/payments/{intent.Text("id")}/challenge", new { outcome = "complete" })).Text("status").ShouldBe("succeeded");
    }
}
