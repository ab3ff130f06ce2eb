using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed class RateLimitTests : IAsyncLifetime
{
    private const int PerCaller = 5;
    private const int PerAddress = 8;
    private RunningTender tender = null!;
    private Tenant acme = null!;

    public async Task InitializeAsync()
    {
        tender = await RunningTender.StartAsync(with: own => own with { RatePerCaller = PerCaller, RatePerAddress = PerAddress }, routes: Map);
        acme = await Get<CreateTenant>().RunAsync("acme", "Acme", "usd", "pro", default);
    }

    public async Task DisposeAsync() => await tender.DisposeAsync();

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_again_and_another_is_not()
    {
        var (greedy, modest) = (await NewKeyAsync(), await NewKeyAsync());

        var refused = await UntilRefusedAsync("/test/key", greedy, PerCaller);

        refused.Headers.GetValues("RateLimit-Limit").ShouldBe(["5"]);
        refused.Headers.GetValues("RateLimit-Remaining").ShouldBe(["0"]);
        Seconds(refused, "RateLimit-Reset").ShouldBeInRange(1, 60);
        Seconds(refused, "Retry-After").ShouldBeInRange(1, 60);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("too_many_requests");
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var other = await MembersApp.SendAsync(tender.Http, "/test/key", modest);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        Seconds(other, "RateLimit-Remaining").ShouldBe(PerCaller - 1);
    }

    [Theory]
    [InlineData(null, "/test/public")]
    [InlineData(null, "/test/key")]
    [InlineData("sk_0000000000000000000000000000000000000000000000000000000000000000", "/test/key")]
    public async Task Who_proves_nothing_is_counted_by_address_and_stands_in_no_keys_way(string? bearer, string path)
    {
        await UntilRefusedAsync(path, bearer, PerAddress);

        (await MembersApp.SendAsync(tender.Http, "/test/key", await NewKeyAsync())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_who_asks_too_often_reads_a_page()
    {
        await UntilRefusedAsync("/test/public", null, PerAddress);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/test/public");
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await tender.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Seconds(answer, "Retry-After").ShouldBeInRange(1, 60);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Not right now");
    }

    [Fact]
    public async Task Probes_and_providers_are_always_answered()
    {
        for (var i = 0; i < PerAddress * 3; i++)
        {
            var probe = await MembersApp.SendAsync(tender.Http, "/health/live");
            probe.StatusCode.ShouldBe(HttpStatusCode.OK);
            probe.Headers.Contains("RateLimit-Limit").ShouldBeFalse();
            (await MembersApp.SendAsync(tender.Http, "/api/webhooks/stripe", method: HttpMethod.Post)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public void The_next_minute_begins_anew()
    {
        var clock = new TestClock();
        var limits = Limits(clock);
        var caller = new Caller("key_1", "acme00", Mode.Test, Callers.Key);

        Enumerable.Range(0, PerCaller + 2).Select(_ => limits.Let(new DefaultHttpContext(), caller)).ShouldBe([true, true, true, true, true, false, false]);
        clock.Move(TimeSpan.FromSeconds(59));
        limits.Let(new DefaultHttpContext(), caller).ShouldBeFalse();
        clock.Move(TimeSpan.FromSeconds(1));
        limits.Let(new DefaultHttpContext(), caller).ShouldBeTrue();
    }

    [Theory]
    [InlineData("free", 600)]
    [InlineData("starter", 1500)]
    [InlineData("pro", 6000)]
    [InlineData("business", 30_000)]
    [InlineData(null, 6000)]
    public void A_plan_says_how_often_its_callers_may_ask(string? plan, int most)
    {
        var limits = new RateLimits(Get<Settings>() with { RatePerCaller = 6000 }, new TestClock());
        var caller = new Caller("key_1", "acme00", Mode.Test, Callers.Key);
        var context = new DefaultHttpContext();

        for (var i = 0; i < most; i++) limits.Let(context, caller, plan).ShouldBeTrue();
        limits.Let(context, caller, plan).ShouldBeFalse();
        context.Response.Headers["RateLimit-Limit"].ToString().ShouldBe($"{most}");
    }

    [Fact]
    public void Customers_of_two_tenants_with_one_name_are_two()
    {
        var limits = Limits(new TestClock());
        Caller CustomerOf(string tenant) => new("customer:1", tenant, Mode.Test, Callers.User, "1");
        for (var i = 0; i <= PerCaller; i++) limits.Let(new DefaultHttpContext(), CustomerOf("acme00"));

        limits.Let(new DefaultHttpContext(), CustomerOf("acme00")).ShouldBeFalse();
        limits.Let(new DefaultHttpContext(), CustomerOf("beta00")).ShouldBeTrue();
    }

    [Fact]
    public void Of_many_at_once_exactly_as_many_as_may_are_let_in()
    {
        var limits = Limits(new TestClock());
        var caller = new Caller("key_1", "acme00", Mode.Test, Callers.Key);
        var let = 0;

        Parallel.For(0, 2000, _ =>
        {
            if (limits.Let(new DefaultHttpContext(), caller)) Interlocked.Increment(ref let);
        });

        let.ShouldBe(PerCaller);
    }

    [Fact]
    public void Nobody_is_counted_where_the_limit_is_nought()
    {
        var limits = new RateLimits(Get<Settings>() with { RatePerCaller = 0, RatePerAddress = 0 }, new TestClock());
        for (var i = 0; i < 100; i++) limits.Let(new DefaultHttpContext(), null).ShouldBeTrue();
    }

    private RateLimits Limits(TimeProvider time) => new(Get<Settings>(), time);

    private T Get<T>()
        where T : notnull => tender.App.Services.GetRequiredService<T>();

    private async Task<string> NewKeyAsync() => (await Get<CreateApiKey>().RunAsync(acme.Code, Mode.Test, "a key", [], "usr_1", default)).Key;

    // A minute may end meanwhile, and then one may ask as often again; but not twice.
    private async Task<HttpResponseMessage> UntilRefusedAsync(string path, string? bearer, int allowed)
    {
        for (var i = 0; i <= allowed * 2; i++)
        {
            var answer = await MembersApp.SendAsync(tender.Http, path, bearer);
            if (answer.StatusCode is not HttpStatusCode.TooManyRequests) continue;
            i.ShouldBeGreaterThanOrEqualTo(allowed);
            return answer;
        }

        throw new InvalidOperationException($"{path} was never refused");
    }

    private static int Seconds(HttpResponseMessage answer, string header) => int.Parse(answer.Headers.GetValues(header).Single(), CultureInfo.InvariantCulture);

    private static void Map(WebApplication app)
    {
        app.MapGet("/test/public", () => "all").CallableBy(Callers.Public);
        app.MapGet("/test/key", () => "key").CallableBy(Callers.Key);
    }
}
