using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed partial class SecondFactorTests(MembersApp app) : IClassFixture<MembersApp>
{
    private const string Password = "correct horse battery";
    private static int people;

    // RFC 6238, appendix B: the SHA-1 rows, cut to six digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        TotpCodes.At(Encoding.ASCII.GetBytes("12345678901234567890"), seconds / 30).ShouldBe(code);

    [Fact]
    public async Task A_member_turns_it_on_signs_in_with_it_and_each_code_counts_once()
    {
        var (browser, email) = await SignedInAsync();
        var (key, recovery, step) = await TurnOnAsync(browser);

        (await StatusAsync(email, code: null)).ShouldBe((HttpStatusCode.Unauthorized, "code_needed"));
        (await StatusAsync(email, "000000")).ShouldBe((HttpStatusCode.Unauthorized, "wrong_code"));
        (await StatusAsync(email, CodeAt(key, step))).ShouldBe((HttpStatusCode.Unauthorized, "wrong_code"), "the one it was turned on with");
        (await StatusAsync(email, CodeAt(key, step + 1))).ShouldBe((HttpStatusCode.OK, ""));
        (await StatusAsync(email, CodeAt(key, step + 1))).ShouldBe((HttpStatusCode.Unauthorized, "wrong_code"), "again");
        (await StatusAsync(email, recovery[0])).ShouldBe((HttpStatusCode.OK, ""));
        (await StatusAsync(email, recovery[0])).ShouldBe((HttpStatusCode.Unauthorized, "wrong_code"));
    }

    [Fact]
    public async Task On_the_page_the_password_leads_to_the_code()
    {
        var (browser, email) = await SignedInAsync();
        var (key, _, step) = await TurnOnAsync(browser);
        var anew = new FormBrowser(app.Http);
        await anew.OpenAsync("/sign-in?returnTo=%2Fconsole%2Fteam");

        await anew.SubmitAsync("sign-in", ("email", email), ("password", Password));
        anew.At.ShouldStartWith("/sign-in/code");
        anew.Cookies.ShouldNotContainKey("__Host-tender");
        await anew.SubmitAsync("code", ("code", "123456"));
        anew.Page.ShouldContain("wrong");
        await anew.SubmitAsync("code", ("code", CodeAt(key, step + 1)));

        anew.At.ShouldBe("/console/team");
        anew.Cookies.ShouldContainKey("__Host-tender");
        anew.Cookies.ShouldNotContainKey("__Host-tender-code");
    }

    [Fact]
    public async Task Without_the_password_before_it_a_code_opens_nothing()
    {
        var browser = new FormBrowser(app.Http);
        await browser.OpenAsync("/sign-in/code");
        await browser.SubmitAsync("code", ("code", "123456"));

        browser.Page.ShouldContain("Start again");
        browser.Cookies.ShouldNotContainKey("__Host-tender");
    }

    [Fact]
    public async Task Neither_its_key_nor_its_recovery_codes_can_be_read_from_the_database()
    {
        var (browser, email) = await SignedInAsync();
        var (key, recovery, _) = await TurnOnAsync(browser);

        var row = await app.Get<OwnerDb>().QuerySingleOrDefaultAsync<string>("select to_jsonb(u)::text from users u where email = @email", new { email }, default);
        row.ShouldNotBeNull();
        row!.ShouldNotContain(key);
        row!.ShouldNotContain(recovery[0]);
        row!.ShouldNotContain(Password);
    }

    [Fact]
    public async Task It_is_turned_off_only_with_the_password()
    {
        var (browser, email) = await SignedInAsync();
        await TurnOnAsync(browser);
        await browser.OpenAsync("/console/account");

        await browser.SubmitAsync("totp-change", ("what", "off"), ("password", "wrong password!"));
        browser.Page.ShouldContain("This is not your password");
        (await StatusAsync(email, code: null)).Code.ShouldBe("code_needed");

        await browser.SubmitAsync("totp-change", ("what", "off"), ("password", Password));
        (await StatusAsync(email, code: null)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<(FormBrowser Browser, string Email)> SignedInAsync()
    {
        var email = $"factor{Interlocked.Increment(ref people)}@acme.example";
        (await app.Get<CreateMember>().RunAsync(email, Password, "Person", app.Acme.Code, "admin", false, default)).ShouldBeOfType<CreateMember.Outcome.Made>();
        var browser = new FormBrowser(app.Http);
        await browser.OpenAsync("/console/account");
        await browser.SubmitAsync("sign-in", ("email", email), ("password", Password));
        return (browser, email);
    }

    private static async Task<(string Key, string[] Recovery, long Step)> TurnOnAsync(FormBrowser browser)
    {
        await browser.OpenAsync("/console/account");
        await browser.SubmitAsync("totp-offer");
        browser.Page.ShouldContain("<svg");
        var key = Key().Match(browser.Page).Groups[1].Value;
        key.Length.ShouldBe(32);
        var step = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30;
        await browser.SubmitAsync("totp-on", ("code", CodeAt(key, step)));
        var recovery = Recovery().Matches(browser.Page).Select(match => match.Groups[1].Value).ToArray();
        recovery.Length.ShouldBe(10);
        return (key, recovery, step);
    }

    private static string CodeAt(string key, long step) => TotpCodes.At(Base32.Decode(key), step);

    private async Task<(HttpStatusCode Status, string Code)> StatusAsync(string email, string? code)
    {
        using var answer = await app.Http.PostAsJsonAsync("/api/session", new { email, password = Password, code });
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, ErrorCode().Match(text) is { Success: true } match ? match.Groups[1].Value : "");
    }

    [GeneratedRegex("data-copy=\"([A-Z2-7]{32})\"")]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>([^<]+)</code></li>")]
    private static partial Regex Recovery();

    [GeneratedRegex("\"code\":\"([a-z_]+)\"")]
    private static partial Regex ErrorCode();
}
