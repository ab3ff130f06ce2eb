using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Payments;

namespace Tender.FaultTests;

/// <summary>Money that comes in parts, and a fee that is taken in the account's own currency.</summary>
public sealed class PartialPaymentTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly Money Part = new(2_000, Currency.Of("usd"));
    private static readonly Money Whole = new(4_900, Currency.Of("usd"));
    private static readonly Money FeeInEuro = new(150, Currency.Of("eur"));

    [Fact]
    public async Task The_rest_hands_out_what_was_bought_and_mails_it_once()
    {
        var payment = await OpenPaymentAsync();

        await ReportAsync(payment, Part);
        (await TicketsAsync(payment)).ShouldBe(0);
        (await shop.ReadAsync<string>("select exception from payments where id = @payment", new { payment })).ShouldBe("underpaid");
        await ReportAsync(payment, Whole);
        await ReportAsync(payment, Whole);

        (await TicketsAsync(payment)).ShouldBe(1);
        (await shop.ReadAsync<string>("select exception from payments where id = @payment", new { payment })).ShouldBe("none");
        await Shop.UntilAsync("the mail", async () => await shop.ReadAsync<long>("select count(*) from messages where payment_id = @payment", new { payment }) is 1);
        (await shop.ReadAsync<string>("select string_agg(e.type, ' ') from events e join deliveries d on d.event_id = e.id where e.payment_id = @payment", new { payment })).ShouldBe("payment.paid_in_full");
    }

    [Theory]
    [InlineData(2_000, 4_900)]
    [InlineData(4_900, 2_000)]
    [InlineData(4_900, 4_900)]
    public async Task The_ledger_books_what_came_in_all_whatever_the_order(long first, long then)
    {
        var payment = await OpenPaymentAsync();

        await ReportAsync(payment, new(first, Whole.Currency));
        await ReportAsync(payment, new(then, Whole.Currency));

        (await BookedAsync(payment, "sales", "usd")).ShouldBe(-4_900);
        (await BookedAsync(payment, "provider_fees", "eur")).ShouldBe(150);
    }

    [Fact]
    public async Task A_fee_keeps_its_own_currency_and_the_invoice_names_the_provider()
    {
        var payment = await OpenPaymentAsync();

        await ReportAsync(payment, Whole);

        var read = (await ReadPayment.RunAsync(await shop.TenantAsync(), payment, default))!;
        read.Payment.Live!.Fee.ShouldBe(FeeInEuro);
        (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/payments/{payment}", UriKind.Relative)))).Body
            .GetProperty("attempts")[0].GetProperty("feeCurrency").GetString().ShouldBe("eur");
        (await shop.ReadAsync<string>("select content->>'paidWith' from documents where payment_id = @payment", new { payment })).ShouldBe("Stripe");
    }

    [Theory]
    [InlineData(2_000, "usd")]
    [InlineData(4_900, "eur")]
    public async Task The_page_that_waits_hears_of_success_once_all_of_it_came(long first, string currency)
    {
        var payment = await OpenPaymentAsync();

        await ReportAsync(payment, new(first, Currency.Of(currency)));
        (await StatusAsync(payment)).ShouldBe("processing");
        await ReportAsync(payment, Whole);

        (await StatusAsync(payment)).ShouldBe("succeeded");
    }

    [Fact]
    public async Task The_case_of_too_little_is_closed_when_the_rest_comes_and_says_so()
    {
        var payment = await OpenPaymentAsync();

        await ReportAsync(payment, Part);
        (await ListCases.OpenOfAsync(await shop.TenantAsync(), payment, default)).ShouldHaveSingleItem().OfferedRefundMinor.ShouldBe(2_000);
        await ReportAsync(payment, Whole);

        (await ListCases.OpenOfAsync(await shop.TenantAsync(), payment, default)).ShouldBeEmpty();
        var closed = await ClosedAsync(payment);
        (closed.Kind, closed.Outcome, closed.ClosedBy).ShouldBe(("underpaid", "It settled itself: 49.00 USD of 49.00 USD came.", "tender"));
    }

    [Fact]
    public async Task A_case_that_a_person_closed_keeps_their_words()
    {
        var payment = await OpenPaymentAsync();

        await ReportAsync(payment, Part);
        await (await shop.TenantAsync()).ExecuteAsync("update cases set closed_at = now(), outcome = 'Asked by phone', closed_by = 'usr_1' where payment_id = @payment", new { payment }, default);
        await ReportAsync(payment, Whole);

        (await ClosedAsync(payment)).Outcome.ShouldBe("Asked by phone");
    }

    private async Task<ListCases.Row> ClosedAsync(string payment) =>
        (await ListCases.ClosedAsync(await shop.TenantAsync(), Mode.Test, 100, default)).Where(one => one.PaymentId == payment).ShouldHaveSingleItem();

    private async Task<string> StatusAsync(string payment) => (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/payments/{payment}/status", UriKind.Relative)))).Word("status");

    private async Task<string> OpenPaymentAsync() => await shop.PaymentOfAsync(await shop.CreateSessionAsync());

    private async Task ReportAsync(string payment, Money received)
    {
        var db = await shop.TenantAsync();
        var live = (await ReadPayment.RunAsync(db, payment, default))!.Payment.Live!;
        var report = new PaymentReport(live.Id, live.ProviderPaymentId!, ReportedStatus.Succeeded, received, FeeInEuro, DateTimeOffset.UnixEpoch);
        await shop.Get<RecordReport>().RunAsync(db, payment, live.Id, [report], "webhook", default);
    }

    private Task<long> TicketsAsync(string payment) => shop.ReadAsync<long>("select count(*) from tickets where payment_id = @payment", new { payment });

    private Task<long> BookedAsync(string payment, string account, string currency) =>
        shop.ReadAsync<long>("select sum(amount_minor)::bigint from ledger_entries where payment_id = @payment and account = @account and currency = @currency", new { payment, account, currency });
}
