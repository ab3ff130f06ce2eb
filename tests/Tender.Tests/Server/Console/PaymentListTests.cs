using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using Tender.Server.Members;
using Tender.Server.Tenancy;
using Tender.Tests.Server.Members;

namespace Tender.Tests.Server.Console;

/// <summary>The console's list of payments and its export: what the filters choose, nobody else's, each payment once.</summary>
public sealed partial class PaymentListTests(ConsoleApp app) : IClassFixture<ConsoleApp>
{
    private static readonly string[] Columns = ["id", "created_at", "status", "amount", "currency", "payer_name", "description"];
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pages_and_export_hold_every_payment_of_the_filter_once_newest_first()
    {
        var db = await app.TenantAsync("listed", "Listed");
        var member = await MemberAsync(db, "listed@acme.example");
        // Two a minute: the cursor has to tell apart what was made at the same time.
        for (var i = 0; i < 230; i++) await ConsoleApp.PaymentAsync(db, $"{i}", Noon.AddMinutes(i / 2), i % 5 is 0 ? "failed" : "succeeded", minor: 1000 + i);
        await ConsoleApp.PaymentAsync(db, "live", Noon, mode: "live");
        await ConsoleApp.PaymentAsync(app.Other, "other", Noon);
        await db.ExecuteAsync("update payments set payer_email = 'Ada@example.com', payer_name = '=cmd()', description = 'A \"day\", two' where amount_minor = 1007", null, default);

        var lines = await ExportAsync(member, "");
        lines.Count.ShouldBe(230);
        lines.Select(line => line["id"]).ShouldBe(await WalkAsync(member, "/console/payments"));
        lines.Select(line => line["id"]).ShouldBeUnique();
        lines.Select(line => line["created_at"]).ShouldBeInOrder(SortDirection.Descending);
        lines.Count(line => line["status"] is "failed").ShouldBe(46);

        (await ExportAsync(member, "?status=failed")).Select(line => line["id"]).ShouldBe(await WalkAsync(member, "/console/payments?status=failed"));
        (await ExportAsync(member, "?since=2026-03-11")).ShouldBeEmpty();
        (await ExportAsync(member, "?since=2026-03-10")).Count.ShouldBe(230);
        (await ExportAsync(member, "?provider=stripe")).ShouldBeEmpty();
        var one = (await ExportAsync(member, "?search=ada%40EXAMPLE.com")).ShouldHaveSingleItem();
        // A spreadsheet runs no name, and quotes and commas stay in their cell.
        (one["amount"], one["currency"], one["payer_name"], one["description"]).ShouldBe(("10.07", "usd", "'=cmd()", "A \"day\", two"));
        (await ExportAsync(member, $"?search={one["id"]}")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("?status=payed", "status")]
    [InlineData("?provider=nobody", "provider")]
    [InlineData("?since=yesterday", "since")]
    public async Task A_filter_that_means_nothing_is_told_and_never_looks_like_all(string query, string field)
    {
        await ConsoleApp.PaymentAsync(app.Db, field, Noon);
        var member = await app.SignedInAsync("viewer@acme.example");

        await member.OpenAsync($"/console/payments.csv{query}");
        member.Status.ShouldBe(HttpStatusCode.BadRequest);
        member.Page.ShouldContain(field);
        await member.OpenAsync($"/console/payments{query}");
        member.Status.ShouldBe(HttpStatusCode.OK);
        member.Page.ShouldContain("No payment fits.");
    }

    [Fact]
    public async Task No_cache_keeps_the_export()
    {
        var member = await app.SignedInAsync("viewer@acme.example");

        await member.OpenAsync("/console/payments.csv");

        $"{member.Last.Headers.CacheControl}".ShouldBe("no-store");
    }

    private static async Task<List<Dictionary<string, string>>> ExportAsync(FormBrowser member, string query)
    {
        await member.OpenAsync($"/console/payments.csv{query}");
        member.Status.ShouldBe(HttpStatusCode.OK, member.Page);
        var lines = new List<Dictionary<string, string>>();
        using var reader = CsvReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(member.Page)), new CsvReaderOptions());
        reader.ReadHeader();
        while (reader.Read()) lines.Add(Columns.ToDictionary(column => column, column => reader.GetString(column)));
        return lines;
    }

    private static async Task<List<string>> WalkAsync(FormBrowser member, string path)
    {
        var ids = new List<string>();
        for (var next = path; next is not null;)
        {
            await member.OpenAsync(next);
            ids.AddRange(RowLinks().Matches(member.Page).Select(row => row.Groups[1].Value));
            next = Older().Match(member.Page) is { Success: true } older ? WebUtility.HtmlDecode(older.Groups[1].Value) : null;
        }

        return ids;
    }

    private async Task<FormBrowser> MemberAsync(TenantDb db, string email)
    {
        (await app.Get<CreateMember>().RunAsync(email, ConsoleApp.Password, "Lister", db.Tenant.Code, "viewer", false, default)).ShouldBeOfType<CreateMember.Outcome.Made>();
        return await app.SignedInAsync(email);
    }

    [GeneratedRegex("class=\"row-link\" href=\"/console/payments/([^\"]+)\"")]
    private static partial Regex RowLinks();

    [GeneratedRegex("class=\"pager-older\" href=\"([^\"]+)\"")]
    private static partial Regex Older();
}
