using System.Net.Http.Headers;

namespace Tender.Tests.Simulators.Stripe;

public sealed class ParameterTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>
{
    [Theory]
    [InlineData("amount=2000&currency=usd&colour=red", "parameter_unknown", "colour")]
    [InlineData("amount=2000&currency=usd&automatic_payment_methods[on]=true", "parameter_unknown", "automatic_payment_methods[on]")]
    [InlineData("currency=usd", "parameter_missing", "amount")]
    [InlineData("amount=2000", "parameter_missing", "currency")]
    [InlineData("amount=&currency=usd", "parameter_invalid_empty", "amount")]
    [InlineData("amount=20.00&currency=usd", "parameter_invalid_integer", "amount")]
    [InlineData("amount=-5&currency=usd", "parameter_invalid_integer", "amount")]
    [InlineData("amount=49&currency=usd", "amount_too_small", "amount")]
    [InlineData("amount=29&currency=gbp", "amount_too_small", "amount")]
    [InlineData("amount=49&currency=jpy", "amount_too_small", "amount")]
    [InlineData("amount=100000000&currency=usd", "amount_too_large", "amount")]
    [InlineData("amount=1005&currency=kwd", "parameter_invalid_integer", "amount")]
    [InlineData("amount=1050&currency=ugx", "parameter_invalid_integer", "amount")]
    [InlineData("amount=2000&currency=xyz", null, "currency")]
    [InlineData("amount=2000&currency=usd&confirm=perhaps", null, "confirm")]
    [InlineData("amount=2000&currency=usd&capture_method=later", null, "capture_method")]
    [InlineData("amount=2000&currency=usd&application_fee_amount=10", "application_fees_not_allowed", "application_fee_amount")]
    [InlineData("amount=2000&currency=usd&return_url=https://a.example", null, "return_url")]
    [InlineData("amount=2000&currency=usd&amount=3000", null, "amount")]
    [InlineData("amount=2000&currency=usd&expand[]=secrets", null, "expand")]
    public async Task What_the_real_one_refuses_is_refused(string form, string? code, string param)
    {
        var answer = await stripe.PostAsync("/v1/payment_intents", form);

        ((int)answer.Status).ShouldBe(400, answer.Text);
        answer.Error.Text("type").ShouldBe("invalid_request_error");
        answer.Error.Text("param").ShouldBe(param);
        if (code is not null) answer.Error.Text("code").ShouldBe(code);
    }

    [Fact]
    public async Task Nested_parameters_and_metadata_come_back()
    {
        var intent = await stripe.NewIntentAsync("&metadata[order_id]=42&metadata[note]=a%26b%20%C3%A9&automatic_payment_methods[enabled]=True&automatic_payment_methods[allow_redirects]=never");

        intent.Text("metadata.order_id").ShouldBe("42");
        intent.Text("metadata.note").ShouldBe("a&b é");
        intent.Text("automatic_payment_methods.allow_redirects").ShouldBe("never");
        intent.Text("client_secret")!.ShouldStartWith($"{intent.Text("id")}_secret_");
        intent.Text("status").ShouldBe("requires_payment_method");
    }

    [Fact]
    public async Task An_update_changes_only_what_is_given_and_an_empty_value_removes()
    {
        var id = (await stripe.NewIntentAsync("&metadata[a]=1&metadata[b]=2&description=old")).Text("id");

        var updated = (await stripe.PostAsync($"/v1/payment_intents/{id}", "metadata[a]=&metadata[c]=3&amount=2500")).Ok();

        updated.GetProperty("metadata").TryGetProperty("a", out _).ShouldBeFalse();
        updated.Text("metadata.b").ShouldBe("2");
        updated.Text("metadata.c").ShouldBe("3");
        updated.Number("amount").ShouldBe(2500);
        updated.Text("description").ShouldBe("old");
    }

    [Fact]
    public async Task Json_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{stripe.Url}/stripe/v1/payment_intents") { Content = new StringContent("""{"amount":2000}""", new MediaTypeHeaderValue("application/json")) };
        request.Headers.Authorization = new("Bearer", SimulatedStripe.SecretKey);

        var answer = await stripe.SendAsync(request);

        ((int)answer.Status).ShouldBe(400);
        answer.Error.Text("message")!.ShouldContain("application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task An_unknown_address_and_an_unknown_id_are_404()
    {
        ((int)(await stripe.GetAsync("/v1/nothing")).Status).ShouldBe(404);
        (await stripe.GetAsync("/v1/payment_intents/pi_nobody")).ShouldFail(404, "resource_missing");
    }

    [Fact]
    public async Task Lists_go_backwards_in_pages()
    {
        await stripe.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_list000000000000001", publishableKey = "pk_test_list000000000000001" });
        var made = new List<string>();
        for (var count = 0; count < 5; count++)
            made.Insert(0, (await stripe.PostAsync("/v1/payment_intents", "amount=2000&currency=usd", secret: "sk_test_list000000000000001")).Ok().Text("id")!);

        var first = (await stripe.GetAsync("/v1/payment_intents?limit=2", "sk_test_list000000000000001")).Ok();
        var second = (await stripe.GetAsync($"/v1/payment_intents?limit=3&starting_after={made[1]}", "sk_test_list000000000000001")).Ok();

        first.Text("has_more").ShouldBe("True");
        Ids(first).ShouldBe(made[..2]);
        second.Text("has_more").ShouldBe("False");
        Ids(second).ShouldBe(made[2..]);
    }

    [Fact]
    public async Task Search_finds_by_metadata_and_only_after_a_while()
    {
        var id = (await stripe.NewIntentAsync("&metadata[order_id]=search-1")).Text("id");
        const string Query = "/v1/payment_intents/search?query=metadata%5B'order_id'%5D%3A'search-1'%20AND%20status%3A'requires_payment_method'";

        (await stripe.GetAsync(Query)).Ok().GetProperty("data").GetArrayLength().ShouldBe(0);
        await stripe.AdvanceAsync(2);
        Ids((await stripe.GetAsync(Query)).Ok()).ShouldBe([id!]);
    }

    private static List<string> Ids(System.Text.Json.JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(item => item.Text("id")!)];
}
