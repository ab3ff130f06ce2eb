using System.Net;
using System.Text;
using System.Text.Json;
using Tender.Server.Fulfilment;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Fulfilment;

public sealed class DownloadPapersTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private FulfilmentApp app = null!;

    private SignedLinks Links => app.Get<SignedLinks>();

    public async Task InitializeAsync() => app = await FulfilmentApp.StartAsync(clock);

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_signed_link_brings_all_tickets_of_the_payment_and_a_key_one_alone_too()
    {
        var given = await app.SellAsync(quantity: 3);

        var all = await app.OpenAsync(Links.Ticket(given.TicketIds[0]));
        var one = await app.OpenAsync($"/api/v1/tickets/{given.TicketIds[1]}/download?single=true", app.Db.Tenant);

        all.StatusCode.ShouldBe(HttpStatusCode.OK);
        all.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        all.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=tickets-Festival-ticket.pdf; filename*=UTF-8''tickets-Festival-ticket.pdf");
        (await PagesAsync(all), await PagesAsync(one)).ShouldBe((3, 1));
        Links.Ticket(given.TicketIds[0]).ShouldStartWith($"https://pay.example.com/api/v1/tickets/{given.TicketIds[0]}/download?expires=");
    }

    [Fact]
    public async Task An_invoice_comes_by_link_and_by_key()
    {
        var given = await app.SellAsync();

        var byLink = await app.OpenAsync(Links.Invoice(given.InvoiceId!));
        var byKey = await app.OpenAsync($"/api/v1/invoices/{given.InvoiceId}/download", app.Db.Tenant);

        byLink.Content.Headers.ContentDisposition!.FileName.ShouldBe("INV-000001.pdf");
        (await byKey.Content.ReadAsByteArrayAsync()).ShouldBe(await byLink.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Every_changed_character_of_a_link_is_refused()
    {
        var given = await app.SellAsync(quantity: 2);
        var link = new Uri(Links.Ticket(given.TicketIds[0])).PathAndQuery;
        var query = link.IndexOf('?', StringComparison.Ordinal) + 1;

        for (var i = query; i < link.Length; i++)
        {
            if (link[i] is '=' or '&') continue;
            var changed = link[..i] + (link[i] is '1' ? '2' : '1') + link[(i + 1)..];
            ((int)(await app.OpenAsync("http://x" + changed)).StatusCode).ShouldBeOneOf([401, 403], changed);
        }

        await ShouldBeAsync(link.Replace(given.TicketIds[0], given.TicketIds[1], StringComparison.Ordinal), 403, "link_forged");
        await ShouldBeAsync(link + "&single=true", 403, "link_forged");
        await ShouldBeAsync(link.Replace("/tickets/", "/invoices/", StringComparison.Ordinal), 403, "link_forged");
        await ShouldBeAsync(link + "&expires=99999999999", 403, "link_forged");
        await ShouldBeAsync(link[..link.IndexOf("&signature", StringComparison.Ordinal)], 403, "link_forged");
        await ShouldBeAsync(link[..(query - 1)], 401, "unauthorized");
    }

    [Fact]
    public async Task A_link_expires_and_says_so_only_to_those_who_had_a_right_one()
    {
        var given = await app.SellAsync();
        var link = new Uri(Links.Invoice(given.InvoiceId!)).PathAndQuery;

        clock.Move(TimeSpan.FromDays(30));
        (await app.OpenAsync("http://x" + link)).StatusCode.ShouldBe(HttpStatusCode.OK);
        clock.Move(TimeSpan.FromDays(1));

        await ShouldBeAsync(link, 410, "link_expired");
        await ShouldBeAsync(link[..^1] + (link[^1] is 'A' ? 'E' : 'A'), 403, "link_forged");
    }

    [Fact]
    public void A_link_asked_for_twice_on_a_day_is_the_same()
    {
        var first = Links.Invoice("inv_acme00_1");
        clock.Move(TimeSpan.FromHours(11));

        Links.Invoice("inv_acme00_1").ShouldBe(first);
        new SignedLinks(new byte[32], new("https://pay.example.com"), clock).Check(Linked.Document, "inv_acme00_1", Part(first, "expires"), Part(first, "signature")).ShouldBe(LinkProof.Forged);
    }

    [Fact]
    public async Task Unknown_ids_and_another_tenants_are_not_found()
    {
        var given = await app.SellAsync();
        var unknown = app.Get<Ids>().New("tkt", app.Db.Tenant.Code);

        foreach (var (path, tenant) in new[]
        {
            ($"/api/v1/tickets/{unknown}/download", app.Db.Tenant),
            ($"/api/v1/invoices/{unknown}/download", app.Db.Tenant),
            ($"/api/v1/downloads/{unknown}/download", app.Db.Tenant),
            ("/api/v1/tickets/..%2F..%2Fetc/download", app.Db.Tenant),
            ($"/api/v1/tickets/{given.TicketIds[0]}/download", app.Other),
            ($"/api/v1/invoices/{given.InvoiceId}/download", app.Other),
        })
        {
            (await app.OpenAsync(path, tenant)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        (await app.OpenAsync(Links.Ticket(unknown))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_ticket_that_was_paid_back_is_gone_and_its_invoice_stays()
    {
        var given = await app.SellAsync();
        var batch = new Batch();
        RevokeFulfilment.Add(batch, (await app.Db.QuerySingleOrDefaultAsync<string>("select payment_id from tickets", null, default))!, clock.GetUtcNow());
        await app.Db.WriteAsync(batch, default);

        await ShouldBeAsync(new Uri(Links.Ticket(given.TicketIds[0])).PathAndQuery, 410, "ticket_revoked");
        (await app.OpenAsync(Links.Invoice(given.InvoiceId!))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData("https://files.example.com/a%20song.flac", 302), InlineData("javascript:alert(1)", 404), InlineData("file:///etc/passwd", 404), InlineData(null, 404)]
    public async Task A_file_that_was_bought_is_led_to_where_the_seller_keeps_it(string? url, int status)
    {
        var given = await app.SellAsync(kind: "download", downloadUrl: url);

        var answer = await app.OpenAsync(Links.Download(given.DownloadIds.Single()));

        ((int)answer.StatusCode).ShouldBe(status);
        if (status is 302) answer.Headers.Location!.AbsoluteUri.ShouldBe(url);
    }

    [Theory, InlineData("INV/2026\"\r\nX: y", "INV-2026-X-y"), InlineData("../../etc/passwd", "etc-passwd"), InlineData("Gästeliste №7", "Gästeliste-7"), InlineData("///", "document")]
    public void File_names_are_safe_everywhere(string name, string file) => DownloadPapers.FileName(name).ShouldBe(file);

    private async Task ShouldBeAsync(string pathAndQuery, int status, string code)
    {
        var answer = await app.OpenAsync("http://x" + pathAndQuery);
        ((int)answer.StatusCode).ShouldBe(status, pathAndQuery);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString().ShouldBe(code);
    }

    private static string Part(string link, string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(link).Query)[name]!;

    private static async Task<int> PagesAsync(HttpResponseMessage pdf) =>
        Encoding.Latin1.GetString(await pdf.Content.ReadAsByteArrayAsync()).Split("/Type /Page /Parent").Length - 1;
}
