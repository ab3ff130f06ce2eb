using System.Net;
using Tender.Server.Fulfilment;
using Tender.Server.Tenancy;
using Tender.Tests.Server.Fulfilment;

namespace Tender.Tests.Server.Console;

/// <summary>The page of one payment: what was handed out is one click away.</summary>
public sealed class PaymentPageTests(ConsoleApp app) : IClassFixture<ConsoleApp>
{
    [Fact]
    public async Task The_papers_that_were_given_are_linked_and_open()
    {
        var (payment, given) = await SoldAsync();
        var viewer = await app.SignedInAsync("viewer@acme.example");

        await viewer.OpenAsync($"/console/payments/{payment}");

        foreach (var (href, word) in new[] { ($"/api/v1/tickets/{given.TicketIds[0]}/download", "2 tickets"), ($"/api/v1/invoices/{given.InvoiceId}/download", "1 invoice") })
        {
            viewer.Page.ShouldContain($"<a href=\"{href}\">{word}</a>");
        }

        await viewer.OpenAsync($"/api/v1/tickets/{given.TicketIds[0]}/download");
        (viewer.Status, viewer.Last.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, "application/pdf"));
    }

    [Fact]
    public async Task A_ticket_that_was_taken_back_is_named_and_not_linked()
    {
        var (payment, given) = await SoldAsync();
        await app.Db.ExecuteAsync("update fulfilments set revoked_at = now() where payment_id = @payment and kind = 'ticket'", new { payment }, default);
        var viewer = await app.SignedInAsync("viewer@acme.example");

        await viewer.OpenAsync($"/console/payments/{payment}");

        viewer.Page.ShouldContain("(revoked)");
        viewer.Page.ShouldContain("2 tickets");
        viewer.Page.ShouldNotContain($"/api/v1/tickets/{given.TicketIds[0]}/download");
        viewer.Page.ShouldContain($"/api/v1/invoices/{given.InvoiceId}/download");
    }

    private async Task<(string Payment, Given Given)> SoldAsync()
    {
        var sale = await TestSales.PaidAsync(app.Db, app.Get<Ids>(), quantity: 2);
        await TestSales.SettleAsync(app.Db, sale, app.Get<Ids>());
        await app.Db.ExecuteAsync("update payments set mode = 'test' where id = @PaymentId", new { sale.PaymentId }, default);
        return (sale.PaymentId, await ReadFulfilment.RunAsync(app.Db, sale.PaymentId, default));
    }
}
