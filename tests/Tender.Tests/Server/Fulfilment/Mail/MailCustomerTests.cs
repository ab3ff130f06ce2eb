using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Events;
using Tender.Server.Fulfilment;
using Tender.Server.Fulfilment.Mail;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Fulfilment.Mail;

public sealed class MailCustomerTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private readonly Ids ids;
    private TenantDb db = null!;

    public MailCustomerTests() => ids = new(clock);

    public async Task InitializeAsync()
    {
        db = await TestSales.NewTenantAsync();
        await TestSales.SellerAsync(db);
        await db.ExecuteAsync("update seller set email = 'tickets@acme.example'", null, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Tickets_and_invoice_come_by_mail_with_links_that_work()
    {
        await using var server = await TestMailServer.StartAsync();
        var sale = await SoldAsync(quantity: 2);

        (await DeliverAsync(await server.SettingAsync())).ShouldBeNull();

        var mail = (await server.MailsAsync()).ShouldHaveSingleItem();
        mail.GetProperty("subject").GetString().ShouldBe("Your tickets from Acme Festivals GmbH");
        mail.GetProperty("to")[0].GetProperty("name").GetString().ShouldBe("Bea Müller");
        mail.GetProperty("from")[0].GetProperty("name").GetString().ShouldBe("Acme Festivals GmbH");
        mail.GetProperty("replyTo")[0].GetProperty("address").GetString().ShouldBe("tickets@acme.example");
        mail.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("filename").GetString()).ShouldBe(["tickets-Festival-ticket.pdf", "INV-000001.pdf"]);
        foreach (var attachment in mail.GetProperty("attachments").EnumerateArray()) attachment.GetProperty("content").GetBytesFromBase64().AsSpan(0, 5).ToArray().ShouldBe("%PDF-"u8.ToArray());
        var text = mail.GetProperty("text").GetString()!;
        foreach (var word in new[] { "Hello Bea Müller,", "98.00 EUR", "2 × Festival ticket", sale.PaymentId, "tickets@acme.example" }) text.ShouldContain(word);
        var given = await ReadFulfilment.RunAsync(db, sale.PaymentId, default);
        text.ShouldContain(Links().Ticket(given.TicketIds[0]));
        mail.GetProperty("html").GetString()!.ShouldContain(Links().Invoice(given.InvoiceId!).Replace("&", "&amp;", StringComparison.Ordinal));
        (await MessageAsync()).ShouldBe(("sent", "bea@example.com"));
    }

    [Fact]
    public async Task Without_a_mail_server_each_mail_is_kept_to_be_read()
    {
        await SoldAsync();

        (await DeliverAsync(smtp: null)).ShouldBeNull();

        (await MessageAsync()).ShouldBe(("kept", "bea@example.com"));
        (await db.QuerySingleOrDefaultAsync<string>("select body from messages", null, default))!.ShouldContain("Your tickets and your invoice are attached.");
        var enclosed = JsonDocument.Parse((await db.QuerySingleOrDefaultAsync<string>("select attachments::text from messages", null, default))!).RootElement;
        enclosed.EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["tickets", "document"]);
    }

    [Fact]
    public async Task A_mail_server_in_trouble_delays_the_mail_and_touches_nothing_else()
    {
        await using var server = await TestMailServer.StartAsync();
        var smtp = await server.SettingAsync();
        var sale = await SoldAsync();
        foreach (var trouble in new[] { "busy", "drop", "greylist" })
        {
            await server.BehaveAsync(trouble);
            var due = (await DeliverAsync(smtp)).ShouldNotBeNull();
            due.ShouldBeGreaterThan(clock.GetUtcNow());
            clock.Move(due - clock.GetUtcNow());
        }

        (await ReadFulfilment.RunAsync(db, sale.PaymentId, default)).TicketIds.Count.ShouldBe(1);
        (await MessageAsync()).ShouldBe(("waiting", "bea@example.com"));
        (await server.MailsAsync()).ShouldBeEmpty();

        await server.BehaveAsync("take");
        (await DeliverAsync(smtp)).ShouldBeNull();
        (await server.MailsAsync()).Count.ShouldBe(1);
        (await MessageAsync()).ShouldBe(("sent", "bea@example.com"));
    }

    [Fact]
    public async Task A_mail_whose_yes_was_lost_comes_again_under_the_same_name()
    {
        await using var server = await TestMailServer.StartAsync();
        var smtp = await server.SettingAsync();
        await SoldAsync();
        await server.BehaveAsync("forget");
        clock.Move((await DeliverAsync(smtp)).ShouldNotBeNull() - clock.GetUtcNow());
        await server.BehaveAsync("take");

        await DeliverAsync(smtp);

        (await server.MailsAsync()).Select(m => m.GetProperty("messageId").GetString()).Distinct().ShouldHaveSingleItem();
        (await db.QuerySingleOrDefaultAsync<int>("select count(*)::int from messages", null, default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_that_is_out_is_not_sent_again_however_often_its_delivery_comes()
    {
        await using var server = await TestMailServer.StartAsync();
        var smtp = await server.SettingAsync();
        await SoldAsync();
        await DeliverAsync(smtp);

        // As after a crash between noting the mail and noting the delivery.
        await db.ExecuteAsync("update deliveries set state = 'waiting', next_at = @Now", new { Now = clock.GetUtcNow() }, default);
        await DeliverAsync(smtp);

        (await server.MailsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_address_nobody_has_goes_to_a_person_at_once()
    {
        await using var server = await TestMailServer.StartAsync();
        await server.BehaveAsync("unknown");
        await SoldAsync();

        (await DeliverAsync(await server.SettingAsync())).ShouldBeNull();

        (await MessageAsync()).State.ShouldBe("gave_up");
        (await db.QuerySingleOrDefaultAsync<string>("select detail from cases where kind = 'mail_gave_up'", null, default))!.ShouldContain("no such person here");
    }

    [Fact]
    public async Task What_came_back_is_mailed_with_its_credit_note()
    {
        await using var server = await TestMailServer.StartAsync();
        var smtp = await server.SettingAsync();
        var sale = await SoldAsync();
        await DeliverAsync(smtp);

        var batch = new Batch();
        new CreditRefund(ids).Add(batch, sale.PaymentId, "ref_1", Mode.Live, new(4900, Currency.Of("eur")), clock.GetUtcNow());
        RevokeFulfilment.Add(batch, sale.PaymentId, clock.GetUtcNow());
        new EventLog().Append(batch, "refund.succeeded", sale.PaymentId, sale.PaymentId, clock.GetUtcNow(), """{"refund":"ref_1","amount":4900,"currency":"eur"}""", null, "mail");
        await db.WriteAsync(batch, default);
        await DeliverAsync(smtp);

        var mail = (await server.MailsAsync())[1];
        mail.GetProperty("subject").GetString().ShouldBe("49.00 EUR came back to you from Acme Festivals GmbH");
        mail.GetProperty("attachments")[0].GetProperty("filename").GetString().ShouldBe("CN-000001.pdf");
        mail.GetProperty("text").GetString()!.ShouldContain("no longer valid");
    }

    [Fact]
    public async Task Who_left_no_address_gets_no_mail_and_a_payment_for_nothing_of_ours_neither()
    {
        var sale = await TestSales.PaidAsync(db, ids, email: null);
        await TestSales.SettleAsync(db, sale, ids);
        await SucceededAsync(sale.PaymentId);
        await SucceededAsync((await TestSales.PaidAsync(db, ids)).PaymentId);

        (await DeliverAsync(smtp: null)).ShouldBeNull();

        (await db.QuerySingleOrDefaultAsync<int>("select count(*)::int from messages", null, default)).ShouldBe(0);
        (await db.QuerySingleOrDefaultAsync<int>("select count(*)::int from deliveries where state = 'done'", null, default)).ShouldBe(2);
    }

    [Fact]
    public async Task A_name_of_markup_is_shown_and_not_run()
    {
        await using var server = await TestMailServer.StartAsync();
        var sale = await TestSales.PaidAsync(db, ids);
        await TestSales.SettleAsync(db, sale with { Buyer = new("eve@example.com", "<script>alert(1)</script>") }, ids);
        await SucceededAsync(sale.PaymentId);

        await DeliverAsync(await server.SettingAsync());

        (await server.MailsAsync()).Single().GetProperty("html").GetString()!.ShouldContain("&lt;script&gt;");
        (await server.MailsAsync()).Single().GetProperty("html").GetString()!.ShouldNotContain("<script>");
    }

    private SignedLinks Links() => new(new byte[32], new("https://pay.example.com"), clock);

    private async Task<Sale> SoldAsync(int quantity = 1)
    {
        var sale = await TestSales.PaidAsync(db, ids, quantity);
        await TestSales.SettleAsync(db, sale, ids);
        await SucceededAsync(sale.PaymentId);
        return sale;
    }

    private Task SucceededAsync(string paymentId)
    {
        var batch = new Batch();
        new EventLog().Append(batch, "payment.succeeded", paymentId, paymentId, clock.GetUtcNow(), "{}", null, "mail");
        return db.WriteAsync(batch, default);
    }

    private async Task<DateTimeOffset?> DeliverAsync(SmtpServer? smtp)
    {
        var settings = await Settings.ReadAsync(new Dictionary<string, string> { ["FRONTEND_URL"] = "https://pay.example.com", ["JWT_SECRET"] = new('j', 64) }, Path.GetTempPath(), default);
        var mail = new MailCustomer(settings with { Smtp = smtp }, Links(), ids, clock);
        return await new DeliverEvents(mail, ids, clock, NullLogger<DeliverEvents>.Instance).RunAsync(db, default);
    }

    private async Task<(string State, string Recipient)> MessageAsync() =>
        await db.QuerySingleOrDefaultAsync<(string, string)>("select state, recipient from messages", null, default);
}
