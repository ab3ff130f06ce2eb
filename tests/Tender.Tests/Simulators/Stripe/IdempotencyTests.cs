using System.Net;

namespace Tender.Tests.Simulators.Stripe;

public sealed class IdempotencyTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    private const string Path = "/v1/payment_intents";
    private const string Form = "amount=2000&currency=usd";

    [Fact]
    public async Task The_same_key_and_parameters_give_the_first_answer_again()
    {
        var first = await stripe.PostAsync(Path, Form, "same");
        var again = await stripe.PostAsync(Path, "currency=usd&amount=2000", "same");

        again.Text.ShouldBe(first.Text);
        again.Headers["Idempotent-Replayed"].ShouldBe("true");
        again.Headers["Original-Request"].ShouldBe(first.Headers["Request-Id"]);
        again.Headers["Idempotency-Key"].ShouldBe("same");
        first.Headers.ContainsKey("Idempotent-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task Other_parameters_or_another_address_are_an_error()
    {
        await stripe.PostAsync(Path, Form, "other");

        var parameters = await stripe.PostAsync(Path, "amount=2001&currency=usd", "other");
        var address = await stripe.PostAsync("/v1/refunds", "payment_intent=pi_1", "other");

        ((int)parameters.Status).ShouldBe(400);
        parameters.Error.Text("type").ShouldBe("idempotency_error");
        ((int)address.Status).ShouldBe(400);
        address.Error.Text("type").ShouldBe("idempotency_error");
        address.Error.Text("message")!.ShouldContain("same endpoint");
    }

    [Fact]
    public async Task While_the_first_runs_the_second_is_a_conflict_and_later_a_replay()
    {
        await stripe.FaultAsync("slow", new { idempotencyKey = "running" }, ms: 600);
        var first = stripe.PostAsync(Path, Form, "running");
        await Task.Delay(150);

        (await stripe.PostAsync(Path, Form, "running")).ShouldFail(409, "idempotency_key_in_use");
        (await stripe.PostAsync(Path, Form, "running")).ShouldFail(409, "idempotency_key_in_use");
        (await stripe.PostAsync(Path, Form, "running2")).Status.ShouldBe(HttpStatusCode.OK);

        var done = await first;
        (await stripe.PostAsync(Path, Form, "running")).Text.ShouldBe(done.Text);
    }

    [Fact]
    public async Task A_500_after_the_work_is_replayed_and_the_work_was_done_once()
    {
        await stripe.FaultAsync("status_500_after", new { idempotencyKey = "broke" });

        var first = await stripe.PostAsync(Path, $"{Form}&metadata[at]=broke", "broke");
        var again = await stripe.PostAsync(Path, $"{Form}&metadata[at]=broke", "broke");

        ((int)first.Status).ShouldBe(500);
        first.Error.Text("type").ShouldBe("api_error");
        again.Text.ShouldBe(first.Text);
        ((int)again.Status).ShouldBe(500);
        var found = (await stripe.GetAsync("/v1/payment_intents?limit=100")).Ok().GetProperty("data").EnumerateArray();
        found.Count(intent => intent.GetProperty("metadata").TryGetProperty("at", out var at) && at.GetString() == "broke").ShouldBe(1);
    }

    [Fact]
    public async Task A_declined_card_is_replayed_but_a_wrong_parameter_is_not_kept()
    {
        var declined = await stripe.PostAsync(Path, $"{Form}&confirm=true&return_url=https://a.example&payment_method=pm_card_visa_chargeDeclined", "declined");
        var again = await stripe.PostAsync(Path, $"{Form}&confirm=true&return_url=https://a.example&payment_method=pm_card_visa_chargeDeclined", "declined");
        declined.ShouldFail(402, "card_declined");
        again.Text.ShouldBe(declined.Text);

        (await stripe.PostAsync(Path, "amount=5&currency=usd", "fixed")).ShouldFail(400, "amount_too_small");
        (await stripe.PostAsync(Path, "amount=2000&currency=usd&colour=red", "fixed")).ShouldFail(400, "parameter_unknown");
        (await stripe.PostAsync(Path, Form, "fixed")).Ok();
    }

    [Fact]
    public async Task After_24_hours_the_key_runs_anew_and_a_key_has_a_limit()
    {
        await using var own = new OwnSimulator();
        await own.Stripe.InitializeAsync();
        var first = (await own.Stripe.PostAsync(Path, Form, "day")).Ok();
        await own.Stripe.AdvanceAsync(24 * 3600);
        var next = (await own.Stripe.PostAsync(Path, Form, "day")).Ok();
        next.Text("id").ShouldNotBe(first.Text("id"));

        (await stripe.PostAsync(Path, Form, new string('k', 255))).Ok();
        ((int)(await stripe.PostAsync(Path, Form, new string('k', 256))).Status).ShouldBe(400);
    }

    [Fact]
    public async Task A_hundred_twins_at_once_make_one_payment()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => stripe.PostAsync(Path, Form, "twins")));

        answers.Where(answer => answer.Status is HttpStatusCode.OK).Select(answer => answer.Json.Text("id")).Distinct().Count().ShouldBe(1);
        answers.Where(answer => answer.Status is not HttpStatusCode.OK).ShouldAllBe(answer => (int)answer.Status == 409);
    }
}

internal sealed class OwnSimulator : IAsyncDisposable
{
    public SimulatedStripe Stripe { get; } = new();

    public async ValueTask DisposeAsync() => await Stripe.DisposeAsync();
}
