using System.Net;
using System.Net.Http.Json;

namespace Tender.Tests.Simulators.Stripe;

public sealed class FaultTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    private const string Path = "/v1/payment_intents";
    private const string Form = "amount=2000&currency=usd";

    [Theory]
    [InlineData("drop_before", 0)]
    [InlineData("timeout_before", 0)]
    [InlineData("drop_answer_after", 1)]
    [InlineData("timeout_after", 1)]
    public async Task A_lost_answer_leaves_the_truth_to_be_asked_for(string fault, int made)
    {
        await stripe.FaultAsync(fault, new { method = "POST", path = "^/v1/payment_intents$", idempotencyKey = fault }, ms: 100);

        await Should.ThrowAsync<HttpRequestException>(() => stripe.PostAsync(Path, $"{Form}&metadata[fault]={fault}", fault));

        (await CountAsync(fault)).ShouldBe(made);
        (await stripe.PostAsync(Path, $"{Form}&metadata[fault]={fault}", fault)).Ok();
        (await CountAsync(fault)).ShouldBe(1);
    }

    [Fact]
    public async Task A_fault_strikes_as_often_as_it_says_and_only_where_it_fits()
    {
        await stripe.FaultAsync("429", new { path = "^/v1/refunds" }, times: 2);

        (await stripe.PostAsync(Path, Form)).Ok();
        (await stripe.GetAsync("/v1/refunds")).ShouldFail(429, "rate_limit");
        (await stripe.GetAsync("/v1/refunds")).ShouldFail(429, "rate_limit");
        (await stripe.GetAsync("/v1/refunds")).Ok();
    }

    [Fact]
    public async Task A_500_before_the_work_may_be_tried_again_with_the_same_key()
    {
        await stripe.FaultAsync("status_500_before", new { idempotencyKey = "early" });

        ((int)(await stripe.PostAsync(Path, $"{Form}&metadata[fault]=early", "early")).Status).ShouldBe(500);
        (await CountAsync("early")).ShouldBe(0);
        (await stripe.PostAsync(Path, $"{Form}&metadata[fault]=early", "early")).Ok();
    }

    [Fact]
    public async Task A_slow_call_goes_on_when_its_caller_hangs_up()
    {
        await stripe.FaultAsync("slow", new { idempotencyKey = "slow" }, ms: 400);
        using var hurry = new CancellationTokenSource(100);
        using var impatient = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{stripe.Url}/stripe{Path}") { Content = new FormUrlEncodedContent([new("amount", "2000"), new("currency", "usd"), new("metadata[fault]", "slow")]) };
        request.Headers.Add("Idempotency-Key", "slow");
        request.Headers.Authorization = new("Bearer", SimulatedStripe.SecretKey);

        await Should.ThrowAsync<TaskCanceledException>(() => impatient.SendAsync(request, hurry.Token));

        await Task.Delay(700);
        (await CountAsync("slow")).ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_may_lie_or_be_rubbish()
    {
        await stripe.FaultAsync("wrong_amount", new { method = "POST" });
        var lied = await stripe.NewIntentAsync();
        lied.Number("amount").ShouldBe(1999);
        (await stripe.GetAsync($"{Path}/{lied.Text("id")}")).Ok().Number("amount").ShouldBe(2000);

        await stripe.FaultAsync("garbage_after", new { method = "POST" });
        (await stripe.PostAsync(Path, Form)).Text.ShouldStartWith("<html>");
    }

    [Fact]
    public async Task A_fault_that_does_not_exist_is_refused()
    {
        using var client = new HttpClient();
        using var refused = await client.PostAsJsonAsync($"{stripe.Url}/_control/stripe/faults", new { fault = "explode" });

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("There is no fault");
    }

    private async Task<int> CountAsync(string fault) => (await stripe.GetAsync($"{Path}?limit=100")).Ok().GetProperty("data").EnumerateArray()
        .Count(intent => intent.GetProperty("metadata").TryGetProperty("fault", out var named) && named.GetString() == fault);
}
