using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Browser;
using Tender.Simulators.Stripe.Front;

namespace Tender.Simulators.Stripe.Connect;

/// <summary>GET /oauth/authorize: the owner of an account lets a platform act for it, or does not.</summary>
internal static class AuthorizePage
{
    public static void Map(RouteGroupBuilder stripe)
    {
        stripe.MapGet("/oauth/authorize", Ask);
        stripe.MapGet("/express/oauth/authorize", Ask);
        stripe.MapPost("/oauth/authorize", AnswerAsync);
    }

    private static IResult Ask(HttpContext http, Applications applications)
    {
        var query = http.Request.Query;
        if (Problem(query, applications) is { } problem) return Refuse(http, problem);
        return Page.Show(http, "Connect an account", $"""
            <body class="bank">
            <main class="sheet">
              <p class="badge">Simulator</p>
              <h1>Connect an account</h1>
              <p>A platform asks to take payments for your account. A new test account is made for you.</p>
              <form method="post" action="{StripeFront.Prefix}/oauth/authorize{Page.Safe(http.Request.QueryString.Value)}">
                <label for="name">Name of your business</label>
                <input id="name" name="name" value="Connected shop" maxlength="80">
                <div class="choices pair">
                  <button name="outcome" value="connect" class="primary">Connect</button>
                  <button name="outcome" value="deny">Cancel</button>
                </div>
              </form>
            </main>
            </body>
            """, "hosted.js");
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, StripeWorld world, Applications applications)
    {
        var query = http.Request.Query;
        if (Problem(query, applications) is { } problem) return Refuse(http, problem);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (state, scope) = (query["state"].ToString(), query["scope"].ToString() is { Length: > 0 } asked ? asked : "read_only");
        var application = applications.Find(query["client_id"])!;
        var back = query["redirect_uri"].ToString();
        if (form["outcome"] != "connect")
            return Results.Redirect(With(back, ("error", "access_denied"), ("error_description", "The user denied your request"), ("state", state)));

        var account = NewAccount(world, application.Platform, form["name"].ToString());
        return Results.Redirect(With(back, ("scope", scope), ("code", applications.NewCode(application.ClientId, account.Id, scope)), ("state", state)));
    }

    private static StripeAccount NewAccount(StripeWorld world, string platform, string name)
    {
        var account = world.Open(world.Ids.New("acct_1", 16), world.Ids.New("sk_test_"), world.Ids.New("pk_test_"));
        account.DisplayName = name;
        account.Connect(platform);
        return account;
    }

    private static string? Problem(IQueryCollection query, Applications applications)
    {
        if (applications.Find(query["client_id"]) is not { } application) return "No application matches the supplied client identifier";
        if (query["response_type"] != "code") return "Unsupported response type: response_type must be \"code\"";
        if (query["scope"].ToString() is not ("" or "read_only" or "read_write")) return "Invalid scope";
        return application.MayReturnTo(query["redirect_uri"].ToString()) ? null : "Invalid redirect URI: it must be one that is registered";
    }

    private static IResult Refuse(HttpContext http, string problem) => Page.Show(http, "This cannot be connected", $"""
        <body class="bank"><main class="sheet"><p class="badge">Simulator</p><h1>This cannot be connected</h1><p>{Page.Safe(problem)}.</p></main></body>
        """, "hosted.js", 400);

    private static string With(string address, params (string Name, string Value)[] values)
    {
        var glue = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return address + glue + string.Join('&', values.Where(value => value.Value.Length > 0).Select(value => $"{value.Name}={Uri.EscapeDataString(value.Value)}"));
    }
}
