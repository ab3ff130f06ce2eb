using System.Net;
using System.Net.Http.Json;

namespace Tender.FaultTests;

/// <summary>Money that is held first and taken later.</summary>
public sealed class CaptureTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task What_was_captured_is_answered_again_until_it_was_sent_back()
    {
        var created = await Answer.ReadAsync(await shop.Api.PostAsJsonAsync("/api/payments", new { amount = 2_000, currency = "usd", presentation = "embedded", capture = "manual" }));
        var payment = created.Word("id");
        await shop.PayAsync(created);
        await Shop.UntilAsync("the money is held", async () => await shop.ReadAsync<bool>("select is_authorized from attempts where payment_id = @payment", new { payment }));

        (await CaptureAsync(payment)).Status.ShouldBe(HttpStatusCode.OK);
        (await CaptureAsync(payment)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RefundAsync(payment, 500)).Status.ShouldBe(HttpStatusCode.Created);
        (await CaptureAsync(payment)).Status.ShouldBe(HttpStatusCode.OK);
        (await shop.RefundAsync(payment)).Status.ShouldBe(HttpStatusCode.Created);

        var late = await CaptureAsync(payment);
        (late.Status, late.Word("code")).ShouldBe((HttpStatusCode.Conflict, "payment_refunded"));
    }

    private async Task<Answer> CaptureAsync(string payment) =>
        await Answer.ReadAsync(await shop.Api.PostAsJsonAsync($"/api/payments/{payment}/capture", new { }));
}
