using System.Net;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment.Messages;
using Tender.Server.Payments;
using Tender.Server.Products;
using Tender.Server.Sellers;

namespace Tender.Tests.Server.Console;

/// <summary>The console's forms, as a browser without scripts sends them.</summary>
public sealed class ConsoleFormsTests(ConsoleApp app) : IClassFixture<ConsoleApp>
{
    [Fact]
    public async Task An_operator_makes_changes_archives_and_restores_a_product()
    {
        var browser = await app.SignedInAsync("operator@acme.example");
        await browser.OpenAsync("/console/products/new");
        await browser.SubmitAsync("product", ("name", " Ticket "), ("kind", "ticket"), ("prices", "49.00 USD\r\n7000 jpy\r\n2 100 sat"), ("stock", "5"), ("description", "<b>Three</b> days"));
        var at = browser.At.Split('?')[0];
        browser.Page.ShouldNotContain("<b>Three</b>");
        var made = await ProductAsync(at);
        (made.Name, made.Kind, made.Stock).ShouldBe(("Ticket", "ticket", 5));
        made.Prices.ShouldBe([new("btc", 2100), new("jpy", 7000), new("usd", 4900)]);

        // Two are sold while the form lies open.
        await app.Db.ExecuteAsync("update products set test_stock = 3 where id = @Id", new { made.Id }, default);
        await browser.SubmitAsync("product", ("name", "Day ticket"), ("prices", "50 usd"), ("stock", "5"));
        var changed = await ProductAsync(at);
        (changed.Name, changed.Stock).ShouldBe(("Day ticket", 3));
        changed.Prices.ShouldBe([new("usd", 5000)]);

        // Whoever changes what is left changes it in the mode they are in.
        await browser.OpenAsync(at);
        await browser.SubmitAsync("product", ("name", "Day ticket"), ("prices", "50 usd"), ("stock", "7"));
        ((await ProductAsync(at)).Stock, (await ProductAsync(at, Mode.Live)).Stock).ShouldBe((7, 5));

        await browser.SubmitAsync($"{at}/archive");
        (await ProductAsync(at)).IsActive.ShouldBeFalse();
        await browser.OpenAsync("/console/products");
        browser.Page.ShouldNotContain(made.Id);
        await browser.OpenAsync("/console/products?state=archived");
        browser.Page.ShouldContain(made.Id);
        await browser.OpenAsync(at);
        await browser.SubmitAsync($"{at}/restore");
        (await ProductAsync(at)).IsActive.ShouldBeTrue();
    }

    [Fact]
    public async Task Where_a_download_lies_is_asked_for_downloads_alone_and_may_be_left_out()
    {
        var browser = await app.SignedInAsync("operator@acme.example");

        await browser.OpenAsync("/console/products/new");

        browser.Page.ShouldMatch("<label for=\"[^\"]*\">For a download: where it lies\\s*<span class=\"field-optional\"> \\(optional\\)</span></label>");
    }

    [Theory]
    [InlineData("", "49 USD", "", "Give it a name.")]
    [InlineData("Ticket", "", "", "Write at least one price")]
    [InlineData("Ticket", "49.001 USD", "", "is no price")]
    [InlineData("Ticket", "-1 USD", "", "is no price")]
    [InlineData("Ticket", "49 XXX", "", "is no price")]
    [InlineData("Ticket", "49 USD\n50 usd", "", "USD stands there twice")]
    [InlineData("Ticket", "99999999999999 USD", "", "A price is too large.")]
    [InlineData("Ticket", "49 USD", "many", "Write a whole number")]
    public async Task What_cannot_be_a_product_is_told_beside_its_field_and_what_was_typed_stays(string name, string prices, string stock, string said)
    {
        var browser = await app.SignedInAsync("operator@acme.example");
        var before = await app.Db.QuerySingleOrDefaultAsync<int>("select count(*)::int from products", null, default);
        await browser.OpenAsync("/console/products/new");
        await browser.SubmitAsync("product", ("name", name), ("kind", "ticket"), ("prices", prices), ("stock", stock), ("description", "typed before"));

        WebUtility.HtmlDecode(browser.Page).ShouldContain(said);
        browser.Page.ShouldContain("typed before");
        (await app.Db.QuerySingleOrDefaultAsync<int>("select count(*)::int from products", null, default)).ShouldBe(before);
    }

    [Fact]
    public async Task An_admin_changes_the_seller_and_others_cannot()
    {
        var admin = await app.SignedInAsync("admin@acme.example");
        await admin.OpenAsync("/console/settings");
        await admin.SubmitAsync("seller", ("name", "Acme GmbH"), ("address", "Hafen 1\nHamburg"), ("email", "shop@acme.example"), ("taxId", "DE1"), ("taxPercent", "8.875"), ("invoicePrefix", "R-"), ("creditNotePrefix", "G-"));
        (await ReadSeller.RunAsync(app.Db, default)).ShouldBe(new("Acme GmbH", "Hafen 1\nHamburg", "DE1", 8.875m, "shop@acme.example", "R-", "G-"));

        await admin.OpenAsync("/console/settings");
        await admin.SubmitAsync("seller", ("name", ""), ("email", "nobody"), ("taxPercent", "-3"), ("invoicePrefix", "X"), ("creditNotePrefix", "X"));
        foreach (var said in new[] { "An invoice must name its seller.", "This is no mail address.", "Write a number from 0 to 100", "must begin differently" }) admin.Page.ShouldContain(said);
        (await ReadSeller.RunAsync(app.Db, default)).Name.ShouldBe("Acme GmbH");

        var operating = await app.SignedInAsync("operator@acme.example");
        await operating.OpenAsync("/console/settings");
        operating.Page.ShouldContain("Acme GmbH");
        operating.Page.ShouldNotContain("name=\"taxId\"");
    }

    [Fact]
    public async Task A_case_is_closed_once_with_a_note_that_stays_on_record()
    {
        var payment = await ConsoleApp.PaymentAsync(app.Db, "c1", TimeProvider.System.GetUtcNow());
        await app.Db.ExecuteAsync("insert into cases (id, payment_id, kind, detail, opened_at) values ('case_c1', @payment, 'unsettled', 'why', now())", new { payment }, default);
        var browser = await app.SignedInAsync("operator@acme.example");
        await browser.OpenAsync("/console/cases");
        await browser.SubmitAsync("/console/cases/case_c1/close", ("note-c-case_c1", ""));
        browser.Page.ShouldContain("Say in a note");
        await browser.SubmitAsync("/console/cases/case_c1/close", ("note-c-case_c1", "Asked by phone"));

        browser.At.ShouldBe("/console/cases");
        browser.Page.ShouldContain("Closed.");
        (await ListCases.OneAsync(app.Db, "case_c1", Mode.Test, default)).ShouldNotBeNull().Outcome.ShouldBe("Asked by phone");
        (await app.Db.QuerySingleOrDefaultAsync<int>("select count(*)::int from audit where action = 'case.closed' and subject = 'case_c1'", null, default)).ShouldBe(1);
        (await app.Get<DecideCase>().RunAsync(app.Db, "case_c1", "again", false, app.CallerOf(app.Db), default)).ShouldBeOfType<DecideCase.Outcome.ClosedBefore>();
    }

    [Fact]
    public async Task A_refund_that_cannot_be_made_leaves_its_case_open()
    {
        var payment = await ConsoleApp.PaymentAsync(app.Db, "c2", TimeProvider.System.GetUtcNow(), received: 1200);
        await app.Db.ExecuteAsync("insert into cases (id, payment_id, kind, opened_at) values ('case_c2', @payment, 'overpaid', now())", new { payment }, default);
        (await ListCases.OneAsync(app.Db, "case_c2", Mode.Test, default))!.OfferedRefundMinor.ShouldBe(200);

        // Without an attempt there is nothing to send it back through.
        (await app.Get<DecideCase>().RunAsync(app.Db, "case_c2", "", true, app.CallerOf(app.Db), default)).ShouldBeOfType<DecideCase.Outcome.NotRefunded>();
        (await ListCases.OneAsync(app.Db, "case_c2", Mode.Test, default))!.ClosedAt.ShouldBeNull();
        (await ListCases.OneAsync(app.Db, "case_c2", Mode.Live, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Messages_are_read_by_their_tenant_only_and_never_run()
    {
        await app.Db.ExecuteAsync("""
            insert into messages (id, recipient, subject, body, state, created_at) values ('msg_1', 'bea@example.com', 'Your <script>ticket</script>', '<img src=x onerror=alert(1)>', 'kept', now())
            """, null, default);
        var own = await app.SignedInAsync("viewer@acme.example");
        await own.OpenAsync("/console/messages");
        own.Page.ShouldContain("/console/messages/msg_1");
        await own.OpenAsync("/console/messages/msg_1");
        own.Page.ShouldContain("&lt;img src=x");
        own.Page.ShouldNotContain("<img");
        own.Page.ShouldNotContain("<script>ticket");

        var other = await app.SignedInAsync("admin@other.example");
        await other.OpenAsync("/console/messages/msg_1");
        (other.Status, other.Page.Contains("bea@example.com", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.NotFound, false));
        (await ListMessages.RunAsync(app.Other, Mode.Test, null, null, null, 10, default)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Home_and_the_audit_are_shown_to_whom_they_are_for()
    {
        var admin = await app.SignedInAsync("admin@acme.example");
        foreach (var path in new[] { "/console", "/console/settings", "/console/audit", "/console/audit?search=usr_x&action=product.created" })
        {
            await admin.OpenAsync(path);
            (admin.Status, admin.At).ShouldBe((HttpStatusCode.OK, path), admin.Page);
        }

        var viewer = await app.SignedInAsync("viewer@acme.example");
        await viewer.OpenAsync("/console/audit");
        viewer.At.ShouldBe(MembersPathsNotYours);
    }

    private const string MembersPathsNotYours = "/console/not-yours";

    private async Task<Product> ProductAsync(string at, Mode mode = Mode.Test) => (await ReadProducts.OneAsync(app.Db, mode, at.Split('/')[^1], default)).ShouldNotBeNull();
}
