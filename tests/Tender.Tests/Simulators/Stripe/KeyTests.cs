using System.Net.Http.Headers;
using System.Text;

namespace Tender.Tests.Simulators.Stripe;

public sealed class KeyTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    [Fact]
    public async Task No_key_and_a_wrong_key_are_401_in_Stripes_words()
    {
        using var bare = new HttpRequestMessage(HttpMethod.Get, $"{stripe.Url}/stripe/v1/account");
        var without = await stripe.SendAsync(bare);
        ((int)without.Status).ShouldBe(401);
        without.Error.Text("message")!.ShouldStartWith("You did not provide an API key.");
        without.Error.Text("type").ShouldBe("invalid_request_error");

        var wrong = await stripe.GetAsync("/v1/account", "sk_test_nobody00000000000009");
        ((int)wrong.Status).ShouldBe(401);
        wrong.Error.Text("message").ShouldBe("Invalid API Key provided: sk_test_****************0009");
        wrong.Headers["Request-Id"].ShouldStartWith("req_");
    }

    [Fact]
    public async Task A_key_may_come_as_the_user_of_Basic()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{stripe.Url}/stripe/v1/account");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SimulatedStripe.SecretKey}:")));

        (await stripe.SendAsync(request)).Ok().Text("id").ShouldBe("acct_tenderdemo");
    }

    [Fact]
    public async Task A_publishable_key_may_not_act_for_the_account()
    {
        (await stripe.PostAsync("/v1/refunds", "payment_intent=pi_1", secret: SimulatedStripe.PublishableKey)).ShouldFail(403, "secret_key_required");
    }

    [Fact]
    public async Task A_restricted_key_reads_and_a_revoked_key_does_nothing()
    {
        await stripe.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_other00000000000001", publishableKey = "pk_test_other00000000000001", accountId = "acct_other", restrictedKey = "rk_test_other00000000000001" });

        (await stripe.GetAsync("/v1/account", "rk_test_other00000000000001")).Ok().Text("id").ShouldBe("acct_other");
        ((int)(await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd", secret: "rk_test_other00000000000001")).Status).ShouldBe(403);

        await stripe.ControlAsync("/stripe/keys/revoke", new { key = "sk_test_other00000000000001" });
        (await stripe.GetAsync("/v1/account", "sk_test_other00000000000001")).ShouldFail(401, "api_key_expired");
    }

    [Fact]
    public async Task One_account_does_not_see_anothers_payments()
    {
        await stripe.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_third00000000000001", publishableKey = "pk_test_third00000000000001" });
        var intent = await stripe.NewIntentAsync();

        (await stripe.GetAsync($"/v1/payment_intents/{intent.Text("id")}", "sk_test_third00000000000001")).ShouldFail(404, "resource_missing");
    }

    [Fact]
    public async Task The_version_is_echoed_and_an_ill_formed_one_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{stripe.Url}/stripe/v1/account");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SimulatedStripe.SecretKey);
        request.Headers.Add("Stripe-Version", "2025-09-30.clover");
        (await stripe.SendAsync(request)).Headers["Stripe-Version"].ShouldBe("2025-09-30.clover");

        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"{stripe.Url}/stripe/v1/account");
        wrong.Headers.Authorization = request.Headers.Authorization;
        wrong.Headers.Add("Stripe-Version", "tomorrow");
        ((int)(await stripe.SendAsync(wrong)).Status).ShouldBe(400);
    }
}
