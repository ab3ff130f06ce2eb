using System.Net;

namespace Tender.FaultTests;

/// <summary>The provider fails in every way it can; nothing is lost, nothing happens twice.</summary>
public sealed class ProviderFaultTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly object Creating = new { method = "POST", path = "^/v1/payment_intents$" };
    private static readonly object Refunding = new { method = "POST", path = "^/v1/refunds$" };

    [Theory]
    [InlineData("drop_answer_after")]
    [InlineData("status_500_after")]
    [InlineData("status_500_before")]
    public async Task An_uncertain_start_tells_the_payer_to_try_again_and_leaves_nothing_payable(string fault)
    {
        await shop.FaultAsync(fault, Creating);

        var answer = await shop.CreateSessionAsync($"uncertain {fault}");
        answer.Status.ShouldBe(HttpStatusCode.BadGateway);
        var again = await shop.CreateSessionAsync($"uncertain {fault}");

        again.Status.ShouldBe(HttpStatusCode.Created);
        await Shop.UntilAsync("the uncertain attempt is settled", async () =>
            await shop.ReadAsync<long>("select count(*) from attempts where status in ('unknown', 'abandoned', 'sent')") is 0);
    }

    [Fact]
    public async Task A_refund_whose_answer_is_lost_is_asked_about_and_happens_once()
    {
        var payment = await shop.PaidAsync();
        await shop.FaultAsync("drop_answer_after", Refunding);

        var answer = await shop.RefundAsync(payment, 1000);

        answer.Status.ShouldBe(HttpStatusCode.Created);
        await Shop.UntilAsync("the refund is settled", async () =>
            await shop.ReadAsync<string>("select status from refunds where payment_id = @payment", new { payment }) is "succeeded");
        (await shop.ReadAsync<long>("select refunded_minor from payments where id = @payment", new { payment })).ShouldBe(1000);
        (await shop.ReadAsync<long>("select count(*) from refunds where payment_id = @payment", new { payment })).ShouldBe(1);
    }

    [Fact]
    public async Task A_refund_that_certainly_did_not_arrive_frees_its_reservation()
    {
        var payment = await shop.PaidAsync();
        await shop.FaultAsync("429", Refunding);

        (await shop.RefundAsync(payment, 4900)).Status.ShouldBe(HttpStatusCode.BadGateway);

        (await shop.RefundAsync(payment, 4900)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_refund_that_fails_later_returns_to_the_books_and_to_a_person()
    {
        var session = await shop.CreateSessionAsync();
        await shop.PayAsync(session, "4000000000005126");
        await shop.ConfirmAsync(session.Word("sessionId"));
        var payment = await shop.PaymentOfAsync(session);
        (await shop.RefundAsync(payment)).Status.ShouldBe(HttpStatusCode.Created);

        await shop.ControlAsync("/clock/advance", new { seconds = 10 });

        await Shop.UntilAsync("the refund has failed", async () =>
            await shop.ReadAsync<string>("select status from refunds where payment_id = @payment", new { payment }) is "failed");
        (await shop.ReadAsync<long>("select refunded_minor from payments where id = @payment", new { payment })).ShouldBe(0);
        (await shop.ReadAsync<long>("select count(*) from cases where payment_id = @payment and kind = 'refund_failed'", new { payment })).ShouldBe(1);
    }

    [Theory]
    [InlineData("twice")]
    [InlineData("out_of_order")]
    [InlineData("before_answer")]
    public async Task Webhooks_alone_settle_a_payment_once_however_they_come(string fault)
    {
        var session = await shop.CreateSessionAsync();
        var payment = await shop.PaymentOfAsync(session);
        await shop.FaultAsync(fault, new { });

        await shop.PayAsync(session);

        await Shop.UntilAsync("the webhook has settled it", async () =>
            await shop.ReadAsync<string>("select status from payments where id = @payment", new { payment }) is "succeeded");
        (await shop.ReadAsync<long>("select count(*) from documents where payment_id = @payment", new { payment })).ShouldBe(1);
        (await shop.ConfirmAsync(session.Word("sessionId"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("stale")]
    public async Task A_webhook_that_proves_nothing_is_answered_400_and_stores_nothing(string fault)
    {
        var session = await shop.CreateSessionAsync();
        var payment = await shop.PaymentOfAsync(session);
        var intent = await shop.ReadAsync<string>("select provider_payment_id from attempts where payment_id = @payment", new { payment });
        // Others of this shop may still be told about theirs.
        Task<long> EventsAsync() => shop.ReadAsync<long>("select count(*) from provider_events where position(@intent in convert_from(body, 'UTF8')) > 0", new { intent })!;
        await Shop.UntilAsync("the provider's word of the new payment is in", async () => await EventsAsync() > 0);
        await shop.FaultAsync(fault, new { }, times: 10);
        var before = await EventsAsync();

        await shop.PayAsync(session);
        await Task.Delay(1500);

        (await EventsAsync()).ShouldBe(before);
        (await shop.ReadAsync<string>("select status from payments where id = @payment", new { payment })).ShouldNotBe("succeeded");
        using var http = new HttpClient();
        using var cleared = await http.DeleteAsync(new Uri($"{shop.SimulatorUrl}/_control/stripe/faults"));
        (await shop.ConfirmAsync(session.Word("sessionId"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lost_dispute_takes_the_money_off_the_books_and_a_won_one_brings_it_back()
    {
        var payment = await shop.PaidAsync();
        var intent = await shop.ReadAsync<string>("select provider_payment_id from attempts where payment_id = @payment", new { payment });

        var dispute = await shop.ControlAsync("/stripe/disputes", new { paymentIntent = intent });
        await Shop.UntilAsync("the dispute is known", async () => await shop.ReadAsync<string>("select dispute from payments where id = @payment", new { payment }) is "open");
        await shop.ControlAsync($"/stripe/disputes/{dispute.GetProperty("id").GetString()}/close", new { outcome = "won" });

        (await shop.ReadAsync<string>("select a.provider_payment_id || ' ' || (a.connection_id = d.connection_id) from disputes d join attempts a on a.id = d.attempt_id where d.payment_id = @payment", new { payment }))
            .ShouldBe($"{intent} true");
        await Shop.UntilAsync("the dispute is won", async () => await shop.ReadAsync<string>("select dispute from payments where id = @payment", new { payment }) is "won");
        (await shop.ReadAsync<long>("select coalesce(sum(amount_minor), 0)::bigint from ledger_entries where payment_id = @payment and account = 'disputes'", new { payment })).ShouldBe(0);
    }
}
