using Tender.Domain.Providers;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed class InvitationTests(MembersApp app) : IClassFixture<MembersApp>
{
    private const string Password = "correct horse battery";
    private static int people;

    [Fact]
    public async Task A_link_made_on_the_team_page_brings_somebody_in_once()
    {
        var (admin, email) = (await SignedInAsync("admin"), NewEmail());
        await admin.OpenAsync("/console/team");
        await admin.SubmitAsync("invite", ("email", email), ("role", "viewer"));
        var link = LinkIn(admin.Page);

        var guest = new FormBrowser(app.Http);
        await guest.OpenAsync(link);
        guest.Page.ShouldContain(email);
        await guest.SubmitAsync("account", ("name", "Bea"), ("password", "short"));
        guest.Page.ShouldContain("12 characters");
        await guest.SubmitAsync("account", ("name", "Bea"), ("password", Password));

        guest.At.ShouldStartWith("/console");
        await guest.OpenAsync("/console/team");
        guest.Page.ShouldContain("Bea");
        guest.Page.ShouldNotContain("Make an invitation", Case.Sensitive);
        await guest.OpenAsync(link);
        guest.Page.ShouldContain("counts no more");
        await admin.OpenAsync("/console/team");
        admin.Page.ShouldNotContain("invitation?token=");
    }

    [Fact]
    public async Task Of_many_who_open_one_link_at_once_one_joins()
    {
        var token = await TokenAsync(NewEmail(), "operator");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.Get<AcceptInvitation>().AsNewAsync(token, "Bea", Password, default)));

        outcomes.OfType<AcceptInvitation.Outcome.Joined>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_newer_invitation_and_a_withdrawal_close_the_link()
    {
        var (email, by) = (NewEmail(), Admin());
        var older = await TokenAsync(email, "viewer");
        var newer = (InviteMember.Outcome.Invited)await app.Get<InviteMember>().RunAsync(app.Acme.Code, email, "viewer", by, default);
        (await FindAsync(older)).ShouldBeNull();
        (await FindAsync(TokenIn(newer.Link))).ShouldNotBeNull();

        await app.Get<InviteMember>().WithdrawAsync(app.Other.Code, newer.Id, by, default);
        (await FindAsync(TokenIn(newer.Link))).ShouldNotBeNull("another tenant's admin withdraws nothing here");
        await app.Get<InviteMember>().WithdrawAsync(app.Acme.Code, newer.Id, by, default);

        (await FindAsync(TokenIn(newer.Link))).ShouldBeNull();
    }

    [Theory]
    [InlineData("update invitations set expires_at = now() - interval '1 second'")]
    [InlineData("update invitations set token_hash = sha256('another')")]
    public async Task A_link_that_is_late_or_wrong_opens_nothing(string change)
    {
        var token = await TokenAsync(NewEmail(), "admin");
        await app.Get<OwnerDb>().ExecuteAsync($"{change} where token_hash = @Hash", new { Hash = InviteMember.HashOf(token) }, default);

        (await app.Get<AcceptInvitation>().AsNewAsync(token, "Bea", Password, default)).ShouldBeOfType<AcceptInvitation.Outcome.Closed>();
    }

    [Fact]
    public async Task An_account_that_is_there_joins_only_by_its_own_sign_in()
    {
        var (email, stranger) = (NewEmail(), await SignedInAsync("viewer"));
        await app.Get<CreateMember>().RunAsync(email, Password, "Cleo", app.Other.Code, "viewer", isOwner: false, default);
        var link = $"/invitation?token={await TokenAsync(email, "operator")}";

        await stranger.OpenAsync(link);
        stranger.Page.ShouldContain("Sign in to accept");
        var cleo = new FormBrowser(app.Http);
        await cleo.OpenAsync($"/sign-in?returnTo={Uri.EscapeDataString(link)}");
        await cleo.SubmitAsync("sign-in", ("email", email), ("password", Password));
        await cleo.SubmitAsync("join");

        cleo.At.ShouldStartWith("/console");
        (await RolesAsync(email)).ShouldBe([$"{app.Acme.Code}:operator", $"{app.Other.Code}:viewer"]);
    }

    [Theory]
    [InlineData("no address", "viewer")]
    [InlineData("bea@example.com", "owner")]
    [InlineData("bea@example.com", "root")]
    [InlineData("bea@example.com\r\nBcc: all@example.com", "viewer")]
    public async Task What_is_no_address_or_role_is_refused(string email, string role) =>
        (await app.Get<InviteMember>().RunAsync(app.Acme.Code, email, role, Admin(), default)).ShouldBeOfType<InviteMember.Outcome.Refused>();

    [Fact]
    public async Task Two_admins_who_demote_each_other_at_once_leave_one()
    {
        var tenant = await app.Get<CreateTenant>().RunAsync($"pair{Interlocked.Increment(ref people)}", "Pair", "usd", "pro", default);
        var ids = new List<string>();
        foreach (var email in new[] { NewEmail(), NewEmail() })
            ids.Add(((CreateMember.Outcome.Made)await app.Get<CreateMember>().RunAsync(email, Password, "Admin", tenant.Code, "admin", isOwner: false, default)).User.Id);

        var outcomes = await Task.WhenAll(ids.Select(id => app.Get<ChangeMembership>().RunAsync(tenant.Code, id, "viewer", Admin(), default)));

        outcomes.OfType<ChangeMembership.Outcome.Changed>().Count().ShouldBe(1);
        outcomes.OfType<ChangeMembership.Outcome.LastAdmin>().Count().ShouldBe(1);
    }

    private static string NewEmail() => $"guest{Interlocked.Increment(ref people)}@example.com";

    private Caller Admin() => new("usr_1", app.Acme.Code, Mode.Test, Callers.Admin);

    private async Task<string> TokenAsync(string email, string role) =>
        TokenIn(((InviteMember.Outcome.Invited)await app.Get<InviteMember>().RunAsync(app.Acme.Code, email, role, Admin(), default)).Link);

    private Task<AcceptInvitation.Invitation?> FindAsync(string token) => app.Get<AcceptInvitation>().FindAsync(token, default);

    private async Task<IEnumerable<string>> RolesAsync(string email) => await app.Get<OwnerDb>().QueryAsync<string>("""
        select m.tenant || ':' || m.role from memberships m join users u on u.id = m.user_id where u.email = @email order by m.tenant = @Acme desc
        """, new { email, Acme = app.Acme.Code }, default);

    private async Task<FormBrowser> SignedInAsync(string role)
    {
        var email = NewEmail();
        await app.Get<CreateMember>().RunAsync(email, Password, "Ada", app.Acme.Code, role, isOwner: false, default);
        var browser = new FormBrowser(app.Http);
        await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync("sign-in", ("email", email), ("password", Password));
        return browser;
    }

    private static string LinkIn(string page)
    {
        var start = page.IndexOf("/invitation?token=", StringComparison.Ordinal);
        return page.Substring(start, "/invitation?token=".Length + 64);
    }

    private static string TokenIn(Uri link) => link.Query["?token=".Length..];
}
