using System.Net;

namespace Tender.FaultTests;

public sealed class RaceTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_hundred_twins_with_one_key_make_one_effect()
    {
        var before = await shop.ReadAsync<long>("select count(*) from payments");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => shop.CreateSessionAsync("twins")));
        foreach (var answer in answers) answer.Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.Conflict);
        var last = await shop.CreateSessionAsync("twins");

        (await shop.ReadAsync<long>("select count(*) from payments") - before).ShouldBe(1);
        answers.Where(a => a.Status is HttpStatusCode.Created).Select(a => a.Word("sessionId")).Append(last.Word("sessionId")).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Twins_of_a_call_that_still_runs_wait_however_many_ask()
    {
        await shop.FaultAsync("slow", new { method = "POST", path = "^/v1/payment_intents$" }, ms: 3000);
        var before = await shop.ReadAsync<long>("select count(*) from attempts");
        var first = shop.CreateSessionAsync("slow twin");
        await Shop.UntilAsync("the first has claimed its key", async () => await shop.ReadAsync<long>("select count(*) from idempotency_keys where key = 'slow twin'") is 1);

        for (var i = 0; i < 3; i++) (await shop.CreateSessionAsync("slow twin")).Word("code").ShouldBe("idempotency_key_in_use");
        var made = await first;

        made.Status.ShouldBe(HttpStatusCode.Created);
        (await shop.CreateSessionAsync("slow twin")).Word("sessionId").ShouldBe(made.Word("sessionId"));
        (await shop.ReadAsync<long>("select count(*) from attempts") - before).ShouldBe(1);
    }

    [Fact]
    public async Task A_full_refund_repeated_with_its_key_is_answered_as_the_first_time()
    {
        var payment = await shop.PaidAsync();
        var first = await shop.RefundAsync(payment, key: "all of it");

        var again = await shop.RefundAsync(payment, key: "all of it");

        (again.Status, again.Word("id")).ShouldBe((HttpStatusCode.Created, first.Word("id")));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        (await shop.CreateSessionAsync("one body", quantity: 1)).Status.ShouldBe(HttpStatusCode.Created);

        (await shop.CreateSessionAsync("one body", quantity: 2)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_payment_that_is_read_while_it_is_paid_is_of_one_moment()
    {
        for (var round = 0; round < 15; round++)
        {
            var session = await shop.CreateSessionAsync();
            var path = new Uri($"/api/payments/{await shop.PaymentOfAsync(session)}", UriKind.Relative);
            var paying = shop.PayAsync(session);
            var paid = false;
            for (var reads = 1; !paid; reads++)
            {
                reads.ShouldBeLessThan(10_000, "it is never paid");
                var read = (await Answer.ReadAsync(await shop.Api.GetAsync(path))).Body;
                paid = read.GetProperty("status").GetString() is "succeeded";
                read.GetProperty("timeline").EnumerateArray().Any(e => e.GetProperty("type").GetString() is "payment.succeeded").ShouldBe(paid, read.ToString());
            }

            await paying;
        }
    }

    [Fact]
    public async Task Refunds_at_once_never_pass_the_paid_sum()
    {
        var payment = await shop.PaidAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shop.RefundAsync(payment, 1500)));

        // 49.00 were paid: three times 15.00 fit, a fourth does not.
        answers.Count(a => a.Status is HttpStatusCode.Created).ShouldBe(3);
        (await shop.ReadAsync<long>("select reserved_minor from payments where id = @payment", new { payment })).ShouldBe(4500);
        (await shop.ReadAsync<long>("select sum(amount_minor)::bigint from refunds where payment_id = @payment and status = 'succeeded'", new { payment })).ShouldBe(4500);
    }

    [Fact]
    public async Task A_refund_repeated_with_its_key_is_one_refund()
    {
        var payment = await shop.PaidAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.RefundAsync(payment, 1000, "refund twins")));

        answers.Where(a => a.Status is HttpStatusCode.Created).Select(a => a.Word("id")).Distinct().Count().ShouldBe(1);
        (await shop.ReadAsync<long>("select count(*) from refunds where payment_id = @payment", new { payment })).ShouldBe(1);
    }

    [Fact]
    public async Task Confirms_from_many_tabs_hand_out_once()
    {
        var session = await shop.CreateSessionAsync(quantity: 3);
        await shop.PayAsync(session);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => shop.ConfirmAsync(session.Word("sessionId"))));

        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        answers.Select(a => a.Word("invoiceId")).Distinct().Count().ShouldBe(1);
        var payment = await shop.PaymentOfAsync(session);
        (await shop.ReadAsync<long>("select count(*) from tickets where payment_id = @payment", new { payment })).ShouldBe(3);
        (await shop.ReadAsync<long>("select count(*) from ledger_entries where payment_id = @payment and movement like '%:paid'", new { payment })).ShouldBe(2);
    }

    [Fact]
    public async Task The_last_piece_is_sold_once()
    {
        await (await shop.TenantAsync()).ExecuteAsync("update products set test_stock = 3 where id = @ProductId", new { shop.Demo.ProductId }, CancellationToken.None);
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.CreateSessionAsync()));

            answers.Count(a => a.Status is HttpStatusCode.Created).ShouldBe(3);
            answers.Count(a => a.Status is HttpStatusCode.Conflict).ShouldBe(7);
        }
        finally
        {
            await (await shop.TenantAsync()).ExecuteAsync("update products set test_stock = 10000 where id = @ProductId", new { shop.Demo.ProductId }, CancellationToken.None);
        }
    }
}
