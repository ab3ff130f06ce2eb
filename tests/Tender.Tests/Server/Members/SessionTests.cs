using System.Net;
using System.Net.Http.Json;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed class SessionTests(MembersApp app) : IClassFixture<MembersApp>
{
    private const string Password = "correct horse battery";
    private static int people;

    [Fact]
    public async Task A_member_signs_in_on_the_page_and_is_led_back()
    {
        var (browser, person) = (new FormBrowser(app.Http), await NewPersonAsync("viewer"));
        await browser.OpenAsync("/console/team");
        browser.At.ShouldStartWith("/sign-in?returnTo=");

        await browser.SubmitAsync("sign-in", ("email", person.Email), ("password", "wrong password!"));
        browser.Page.ShouldContain("do not belong together");
        browser.Cookies.ShouldNotContainKey("__Host-tender");
        await browser.SubmitAsync("sign-in", ("email", person.Email.ToUpperInvariant()), ("password", Password));

        browser.At.ShouldBe("/console/team");
        browser.Page.ShouldContain(person.Email);
        browser.Page.ShouldContain("Acme");
    }

    [Fact]
    public async Task The_cookie_is_for_this_host_alone_and_out_of_scripts_reach()
    {
        var (browser, person) = (new FormBrowser(app.Http), await NewPersonAsync("viewer"));
        using var answer = await SignInAsync(browser, person.Email, Password);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("__Host-tender=", StringComparison.Ordinal));
        cookie.ShouldContain("; path=/");
        cookie.ShouldContain("; secure");
        cookie.ShouldContain("; httponly");
        cookie.ShouldContain("; samesite=lax");
        cookie.ShouldNotContain("domain", Case.Insensitive);
    }

    [Theory]
    [InlineData("viewer", new[] { "Viewer" }, new[] { "Operator", "Admin", "Owner", "key", "User" })]
    [InlineData("operator", new[] { "Viewer", "Operator" }, new[] { "Admin", "Owner", "key", "User" })]
    [InlineData("admin", new[] { "Viewer", "Operator", "Admin" }, new[] { "Owner", "key", "User" })]
    [InlineData("owner", new[] { "Owner" }, new[] { "Viewer", "Operator", "Admin", "key", "User" })]
    public async Task A_role_opens_what_it_includes_and_nothing_else(string role, string[] opens, string[] stays)
    {
        var browser = new FormBrowser(app.Http);
        using var answer = await SignInAsync(browser, (await NewPersonAsync(role)).Email, Password);

        foreach (var path in opens) (await GetAsync(browser, $"/test/{path}")).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        foreach (var path in stays) (await GetAsync(browser, $"/test/{path}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
    }

    [Fact]
    public async Task A_changed_role_counts_with_the_next_request_and_a_removed_member_sees_nothing()
    {
        var (browser, person) = (new FormBrowser(app.Http), await NewPersonAsync("admin"));
        await NewPersonAsync("admin");
        using var answer = await SignInAsync(browser, person.Email, Password);
        (await GetAsync(browser, "/test/Admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var by = new Caller("usr_test", app.Acme.Code, default, Callers.Admin);

        (await app.Get<ChangeMembership>().RunAsync(app.Acme.Code, person.Id, "viewer", by, default)).ShouldBeOfType<ChangeMembership.Outcome.Changed>();
        (await GetAsync(browser, "/test/Admin")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(browser, "/test/Viewer")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await app.Get<ChangeMembership>().RunAsync(app.Acme.Code, person.Id, null, by, default);
        (await GetAsync(browser, "/test/Viewer")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_tenant_keeps_one_admin_however_many_go_at_once()
    {
        var tenant = await app.Get<CreateTenant>().RunAsync("lonely", "Lonely", "usd", "pro", default);
        var admins = new[] { await NewPersonAsync("admin", tenant), await NewPersonAsync("admin", tenant), await NewPersonAsync("admin", tenant) };
        var by = new Caller("usr_test", tenant.Code, default, Callers.Admin);

        var outcomes = await Task.WhenAll(admins.Select(admin => app.Get<ChangeMembership>().RunAsync(tenant.Code, admin.Id, null, by, default)));

        outcomes.OfType<ChangeMembership.Outcome.Changed>().Count().ShouldBe(2);
        outcomes.OfType<ChangeMembership.Outcome.LastAdmin>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_changed_password_ends_every_session_but_the_one_it_was_changed_in()
    {
        var person = await NewPersonAsync("viewer");
        var (here, elsewhere) = (new FormBrowser(app.Http), new FormBrowser(app.Http));
        using var one = await SignInAsync(here, person.Email, Password);
        using var two = await SignInAsync(elsewhere, person.Email, Password);

        await here.OpenAsync("/console/account");
        await here.SubmitAsync("password", ("current", Password), ("wanted", "another long sentence"));

        here.Page.ShouldContain("Your password is changed");
        (await GetAsync(here, "/test/Viewer")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(elsewhere, "/test/Viewer")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignInAsync(new(app.Http), person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignInAsync(new(app.Http), person.Email, "another long sentence")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ten_wrong_passwords_make_an_address_wait_and_lock_nobody_out()
    {
        var person = await NewPersonAsync("viewer");
        var signIn = Enumerable.Range(0, 10).Select(_ => SignInAsync(new(app.Http), person.Email, "wrong password!"));

        var wrong = await Task.WhenAll(signIn);
        wrong.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Unauthorized || answer.StatusCode == HttpStatusCode.TooManyRequests);
        using var right = await SignInAsync(new(app.Http), person.Email, Password);

        right.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        right.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await app.Get<OwnerDb>().QuerySingleOrDefaultAsync<DateTimeOffset?>("select locked_until from users where id = @Id", new { person.Id }, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Wrong_passwords_of_others_never_keep_out_a_browser_that_signed_in_before()
    {
        var (person, other) = (await NewPersonAsync("viewer"), await NewPersonAsync("viewer"));
        var (known, stranger) = (new FormBrowser(app.Http), new FormBrowser(app.Http));
        (await SignInAsync(known, person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SignInAsync(stranger, other.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 10; i++) (await SignInAsync(stranger, person.Email, "wrong password!")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await app.Get<OwnerDb>().ExecuteAsync("update users set locked_until = now() + interval '5 minutes' where id = @Id", new { person.Id }, default);

        (await SignInAsync(stranger, person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "it signed in before, but to another account");
        (await SignInAsync(known, person.Email, "wrong password!")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignInAsync(known, person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_browser_that_signed_in_before_is_counted_by_itself()
    {
        var (person, known) = (await NewPersonAsync("viewer"), new FormBrowser(app.Http));
        (await SignInAsync(known, person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 10; i++) (await SignInAsync(known, person.Email, "wrong password!")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await SignInAsync(known, person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await SignInAsync(new(app.Http), person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK, "its tries count for nobody else");
    }

    [Fact]
    public async Task Signing_in_often_is_no_guessing()
    {
        var person = await NewPersonAsync("viewer");

        for (var i = 0; i < 12; i++) (await SignInAsync(new(app.Http), person.Email, Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_whoever_copied_its_cookie()
    {
        var (browser, copy, person) = (new FormBrowser(app.Http), new FormBrowser(app.Http), await NewPersonAsync("viewer"));
        using var answer = await SignInAsync(browser, person.Email, Password);
        copy.Cookies["__Host-tender"] = browser.Cookies["__Host-tender"];
        await copy.OpenAsync("/console/team");
        copy.At.ShouldBe("/console/team");

        using var end = new HttpRequestMessage(HttpMethod.Delete, "/api/session");
        end.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var ended = await browser.SendAsync(end);

        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await copy.OpenAsync("/console/team");
        copy.At.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        var (browser, person) = (new FormBrowser(app.Http), await NewPersonAsync("operator"));
        using var answer = await SignInAsync(browser, person.Email, Password);

        (await PostAsync(browser, "Sec-Fetch-Site", "same-origin")).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(browser, "Sec-Fetch-Site", "same-site")).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(browser, "Sec-Fetch-Site", "cross-site")).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(browser, "Origin", "http://localhost:1")).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(browser, "Origin", "null")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_console_form_without_its_token_changes_nothing()
    {
        var (browser, person) = (new FormBrowser(app.Http), await NewPersonAsync("admin"));
        using var answer = await SignInAsync(browser, person.Email, Password);
        using var form = new HttpRequestMessage(HttpMethod.Post, "/console/api-keys")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "create", ["name"] = "stolen" }),
        };

        (await browser.SendAsync(form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await app.Get<ListApiKeys>().RunAsync(app.Acme.Code, default, default)).ShouldNotContain(key => key.Name == "stolen");
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_away()
    {
        var (browser, person) = (new FormBrowser(app.Http), await NewPersonAsync("viewer"));
        using var answer = await SignInAsync(browser, person.Email, Password);
        await browser.OpenAsync("/console/team");

        await browser.SubmitAsync("/console/sign-out");

        browser.At.ShouldBe("/sign-in");
        browser.Cookies.ShouldNotContainKey("__Host-tender");
        (await GetAsync(browser, "/test/Viewer")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_member_of_two_tenants_switches_and_never_reaches_a_third()
    {
        var person = await NewPersonAsync("viewer");
        var third = await app.Get<CreateTenant>().RunAsync("third", "Third", "usd", "pro", default);
        await app.Get<OwnerDb>().WriteAsync(CreateMember.AddMembership(new(), person.Id, app.Other.Code, "admin", "usr_test"), default);
        var browser = new FormBrowser(app.Http);
        using var answer = await SignInAsync(browser, person.Email, Password);
        (await TextAsync(browser, "/test/Viewer")).ShouldContain(app.Acme.Code);
        await browser.OpenAsync("/console/team");

        await browser.SubmitAsync("/console/tenant", ("tenant", app.Other.Code));
        (await TextAsync(browser, "/test/Admin")).ShouldContain(app.Other.Code);

        browser.Cookies["tender-tenant"] = third.Code;
        (await TextAsync(browser, "/test/Viewer")).ShouldContain(app.Acme.Code);
    }

    private async Task<User> NewPersonAsync(string role, Tenant? tenant = null)
    {
        var outcome = await app.Get<CreateMember>().RunAsync(
            $"person{Interlocked.Increment(ref people)}@acme.example", Password, "Person", role is "owner" ? null : (tenant ?? app.Acme).Code, role, role is "owner", default);
        return outcome.ShouldBeOfType<CreateMember.Outcome.Made>().User;
    }

    private static Task<HttpResponseMessage> SignInAsync(FormBrowser browser, string email, string password) =>
        browser.SendAsync(new(HttpMethod.Post, "/api/session") { Content = JsonContent.Create(new { email, password }) });

    private static Task<HttpResponseMessage> GetAsync(FormBrowser browser, string path) => browser.SendAsync(new(HttpMethod.Get, path));

    private static async Task<string> TextAsync(FormBrowser browser, string path) => await (await GetAsync(browser, path)).Content.ReadAsStringAsync();

    private static async Task<HttpStatusCode> PostAsync(FormBrowser browser, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/test/Operator");
        request.Headers.Add(header, value);
        return (await browser.SendAsync(request)).StatusCode;
    }
}
