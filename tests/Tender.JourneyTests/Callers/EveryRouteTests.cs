using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Known = Tender.Server.Members.Callers;

namespace Tender.JourneyTests.Callers;

/// <summary>Walks the server's own table of routes: a new route is on trial here from its first build on.</summary>
public sealed class EveryRouteTests(CallersSite site) : IClassFixture<CallersSite>
{
    // Refused for who asks, not for what is asked.
    private static readonly string[] TurnedAway = ["unauthorized", "invalid_api_key", "invalid_token", "invalid_authorization", "forbidden", "tenant_not_ready"];

    // Signing out would end the caller's sessions in the middle of the walk; SessionTests tries it.
    private static readonly string[] EndsSessions = ["DELETE /api/session", "POST /console/sign-out"];

    [Fact]
    public void Every_route_says_whom_it_serves()
    {
        site.Routes.Count.ShouldBeGreaterThan(30);
        site.Routes.Where(route => route.Rule is null or { Serves: Known.None }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no key")]
    [InlineData("a wrong key")]
    [InlineData("a revoked key")]
    [InlineData("a key")]
    [InlineData("an owner's key")]
    [InlineData("a user")]
    [InlineData("a viewer")]
    [InlineData("an operator")]
    [InlineData("an admin")]
    [InlineData("an owner")]
    public async Task Every_route_serves_those_it_names_and_turns_others_away(string who)
    {
        var caller = site.Callers[who];
        var wrong = new List<string>();
        foreach (var route in site.Routes.Where(route => !EndsSessions.Contains($"{route.Method} {route.Pattern.RawText}")))
        {
            var expected = Expected(route.Rule!.Serves, caller);
            var (status, code) = await SendAsync(caller.Ask(route.Method, route.At($"pay_{site.EveCode}_{new string('0', 26)}")));
            var turnedAway = TurnedAway.Contains(code);
            if (expected is null ? turnedAway && !route.Rule.Serves.HasFlag(Known.Public) : status != expected) wrong.Add($"{route} answers {(int)status} {code} to {who}, not {expected?.ToString() ?? "its own"}");
        }

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a key")]
    [InlineData("a user")]
    [InlineData("an admin")]
    [InlineData("an owner")]
    public async Task No_route_lets_a_caller_reach_what_another_tenant_has(string who)
    {
        var (caller, before) = (site.Callers[who], await site.VictimStateAsync());
        site.VictimIds.Count.ShouldBeGreaterThan(8);
        var wrong = new List<string>();
        foreach (var route in site.Routes.Where(route => route.TakesIds && (route.Rule!.Serves & caller.Rights) is not Known.None))
        {
            foreach (var id in site.VictimIds)
            {
                using var request = caller.Ask(route.Method, route.At(id));
                if (route.Method is "POST" or "PUT" or "PATCH") request.Content = JsonContent.Create(Body);
                using var answer = await site.Http.SendAsync(request);
                if (!await IsHarmlessAsync(route, answer)) wrong.Add($"{route} with {id} answers {(int)answer.StatusCode} to {who}");
            }
        }

        wrong.ShouldBeEmpty();
        (await site.VictimStateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_person_who_is_nobody_is_led_to_the_sign_in_page()
    {
        foreach (var route in site.Routes.Where(route => route is { Method: "GET" } && !route.Rule!.Serves.HasFlag(Known.Public)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, route.At("x"));
            request.Headers.Add("Accept", "text/html");
            using var answer = await site.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, $"{route}");
            answer.Headers.Location!.ToString().ShouldStartWith("/sign-in?returnTo=%2F");
        }
    }

    [Fact]
    public async Task No_console_form_is_taken_without_its_page()
    {
        var wrong = new List<string>();
        var forms = site.Routes.Where(route => route.Method is "POST" && route.Pattern.RawText!.TrimStart('/').StartsWith("console", StringComparison.Ordinal)).ToList();
        forms.Count.ShouldBeGreaterThan(8);
        foreach (var route in forms.Where(route => !route.Pattern.RawText!.Contains("gallery", StringComparison.Ordinal)))
        {
            var who = (route.Rule!.Serves & site.Callers["an admin"].Rights) is Known.None ? "an owner" : "an admin";
            using var request = site.Callers[who].Ask("POST", route.At($"pay_{site.EveCode}_{new string('0', 26)}"), withFormToken: false);
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "x", ["_handler"] = "create" });
            var (status, code) = await SendAsync(request);
            if (status is not HttpStatusCode.BadRequest || code is not "stale_form") wrong.Add($"{route} answers {(int)status} {code}");
        }

        wrong.ShouldBeEmpty();
    }

    // An API says no. A page may also show itself, or lead to another, with nothing of the other tenant's on it.
    private static async Task<bool> IsHarmlessAsync(RouteOnTrial route, HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode is >= 400 and < 500) return true;
        if (!route.IsPage || (int)answer.StatusCode >= 500) return false;
        var shown = await answer.Content.ReadAsStringAsync();
        return CallersSite.VictimWords.All(word => !shown.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    // What some route takes, so that it comes as far as looking for the id.
    private static object Body => new { name = "Eve's", isEnabled = false, amount = 1, sessionId = "cs_x", reason = "x" };

    // Null: the route itself answers; one that serves the public too may still ask for a signed link.
    private static HttpStatusCode? Expected(Known serves, CallerOnTrial caller)
    {
        if (serves is Known.Public) return null;
        if (caller.RefusedAs is not null) return HttpStatusCode.Unauthorized;
        if (serves.HasFlag(Known.Public) || (serves & caller.Rights) is not Known.None) return null;
        return caller.Rights is Known.None ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden;
    }

    private async Task<(HttpStatusCode Status, string Code)> SendAsync(HttpRequestMessage request)
    {
        using var answer = await site.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.Content.Headers.ContentType?.MediaType is not "application/problem+json") return (answer.StatusCode, "");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, problem.GetProperty("code").GetString() ?? "");
    }
}
