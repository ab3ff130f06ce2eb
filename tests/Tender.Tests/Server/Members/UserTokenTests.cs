using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed class UserTokenTests(MembersApp app) : IClassFixture<MembersApp>
{
    private static readonly TestClock Clock = new();
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Hs256 = """{"alg":"HS256","typ":"JWT"}""";
    private static readonly long Now = TestClock.Noon.ToUnixTimeSeconds();
    private readonly VerifyUserToken verify = new(new(new(Key), app.Get<OwnerDb>(), app.Get<DecryptFromStorage>(), Clock), Mode.Test, Clock);

    [Fact]
    public async Task A_token_says_who_the_customer_of_which_tenant_is()
    {
        var caller = (await verify.RunAsync(Sign(Hs256, Claims()), default)).ShouldBeOfType<VerifyUserToken.Outcome.Proven>().Caller;

        caller.ShouldBe(new Caller("customer:u1", "acme00", Mode.Test, Callers.User, "u1"));
    }

    public static TheoryData<string, string> Attacks() => new()
    {
        { "no algorithm", $"{Encode("""{"alg":"none"}""")}.{Encode(Claims())}." },
        { "no algorithm, but a signature", Sign("""{"alg":"none"}""", Claims()) },
        { "NONE in capitals", Sign("""{"alg":"NONE"}""", Claims()) },
        { "RS256 with our secret as its key", Sign("""{"alg":"RS256"}""", Claims()) },
        { "HS512", Sign("""{"alg":"HS512"}""", Claims()) },
        { "hs256 in small letters", Sign("""{"alg":"hs256"}""", Claims()) },
        { "two algorithms", Sign("""{"alg":"none","alg":"HS256"}""", Claims()) },
        { "a list of algorithms", Sign("""{"alg":["HS256"]}""", Claims()) },
        { "a critical extension", Sign("""{"alg":"HS256","crit":["exp"],"exp":1}""", Claims()) },
        { "a header that is no object", Sign("\"HS256\"", Claims()) },
        { "a header that is no JSON", Sign("HS256", Claims()) },
        { "another secret", Sign(Hs256, Claims(), key: "another secret of thirty-two bytes") },
        { "a cut signature", Sign(Hs256, Claims())[..^2] },
        { "no signature", $"{Encode(Hs256)}.{Encode(Claims())}." },
        { "a changed payload", $"{Encode(Hs256)}.{Encode(Claims(sub: "\"root\""))}.{Sign(Hs256, Claims()).Split('.')[2]}" },
        { "padding", Sign(Hs256, Claims()) + "=" },
        { "four parts", Sign(Hs256, Claims()) + "." },
        { "two parts", $"{Encode(Hs256)}.{Encode(Claims())}" },
        { "expired", Sign(Hs256, Claims(exp: $"{Now - 61}")) },
        { "no expiry", Sign(Hs256, """{"sub":"u1","tenant":"acme00"}""") },
        { "an expiry that is text", Sign(Hs256, Claims(exp: $"\"{Now + 60}\"")) },
        { "an expiry beyond time", Sign(Hs256, Claims(exp: "1e300")) },
        { "two expiries", Sign(Hs256, $$"""{"sub":"u1","tenant":"acme00","exp":1,"exp":{{Now + 60}}}""") },
        { "not yet", Sign(Hs256, Claims(more: $",\"nbf\":{Now + 61}")) },
        { "a not-before that is text", Sign(Hs256, Claims(more: ",\"nbf\":\"0\"")) },
        { "no subject", Sign(Hs256, $$"""{"tenant":"acme00","exp":{{Now + 60}}}""") },
        { "an empty subject", Sign(Hs256, Claims(sub: "\"\"")) },
        { "a subject that is a number", Sign(Hs256, Claims(sub: "1")) },
        { "a subject that is no Unicode", Sign(Hs256, Claims(sub: "\"\\ud800\"")) },
        { "no tenant", Sign(Hs256, $$"""{"sub":"u1","exp":{{Now + 60}}}""") },
        { "an unknown mode", Sign(Hs256, Claims(more: ",\"mode\":\"Live\"")) },
        { "claims that are no object", Sign(Hs256, "[]") },
        { "deep claims", Sign(Hs256, Claims(more: $",\"x\":{new string('[', 100)}{new string(']', 100)}")) },
        { "a huge token", Sign(Hs256, Claims(more: $",\"x\":\"{new string('x', 5000)}\"")) },
        { "nothing but dots", ".." },
        { "no ASCII", "é.é.é" },
    };

    [Theory, MemberData(nameof(Attacks))]
    public async Task What_is_wrong_with_a_token_is_not_overlooked(string attack, string token) =>
        (await verify.RunAsync(token, default)).ShouldBeOfType<VerifyUserToken.Outcome.Refused>(attack);

    [Theory]
    [InlineData("exp", -59)]
    [InlineData("nbf", 59)]
    public async Task A_clock_that_is_a_minute_off_does_no_harm(string claim, int off)
    {
        var claims = claim is "exp" ? Claims(exp: $"{Now + off}") : Claims(more: $",\"nbf\":{Now + off}");

        (await verify.RunAsync(Sign(Hs256, claims), default)).ShouldBeOfType<VerifyUserToken.Outcome.Proven>();
    }

    [Fact]
    public async Task A_token_may_say_its_mode() =>
        (await verify.RunAsync(Sign(Hs256, Claims(more: ",\"mode\":\"live\"")), default)).ShouldBeOfType<VerifyUserToken.Outcome.Proven>().Caller.Mode.ShouldBe(Mode.Live);

    [Fact]
    public async Task Over_HTTP_it_opens_the_users_routes_of_its_tenant()
    {
        var answer = await app.SendAsync("/test/User", RealToken(app.Acme.Code));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe($"customer:u1 {app.Acme.Code} u1");
        (await app.SendAsync("/test/key", RealToken(app.Acme.Code))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("/test/Viewer", RealToken(app.Acme.Code))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("../../x")]
    [InlineData("zzzzzz")]
    public async Task A_tenant_that_is_none_opens_nothing(string tenant) =>
        (await app.SendAsync("/test/User", RealToken(tenant))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

    private string RealToken(string tenant) => RealToken(tenant, app.Get<Settings>().JwtSecret.Reveal());

    /// <summary>A token of the user u1 that counts for a minute.</summary>
    internal static string RealToken(string tenant, string key) =>
        Sign(Hs256, Claims(tenant: tenant, exp: $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 60}"), key);

    private static string Claims(string sub = "\"u1\"", string tenant = "acme00", string? exp = null, string more = "") =>
        $$"""{"sub":{{sub}},"tenant":"{{tenant}}","exp":{{exp ?? $"{Now + 60}"}}{{more}}}""";

    private static string Sign(string header, string claims, string key = Key)
    {
        var said = $"{Encode(header)}.{Encode(claims)}";
        return $"{said}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(said)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
