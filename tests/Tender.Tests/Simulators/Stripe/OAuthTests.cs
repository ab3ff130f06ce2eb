using System.Net;
using System.Web;

namespace Tender.Tests.Simulators.Stripe;

public sealed class OAuthTests : IAsyncLifetime
{
    private const string Authorize = "/stripe/oauth/authorize?response_type=code&client_id=ca_tenderdemo&scope=read_write&state=s%201&redirect_uri=http://localhost:9/back";

    private readonly SimulatedStripe stripe = new();

    public Task InitializeAsync() => stripe.InitializeAsync();

    public Task DisposeAsync() => stripe.DisposeAsync();

    [Fact]
    public async Task An_account_is_connected_used_and_let_go()
    {
        await using var ear = await WebhookEar.OpenAsync();
        await stripe.PostAsync("/v1/webhook_endpoints", $"url={ear.Url}&enabled_events[]=account.application.deauthorized&connect=true");
        var code = await ConnectAsync();
        var token = (await stripe.PostAsync("/oauth/token", $"grant_type=authorization_code&code={code}")).Ok();
        var account = token.Text("stripe_user_id")!;
        token.Text("access_token")!.ShouldStartWith("sk_test_");
        token.Text("scope").ShouldBe("read_write");

        (await stripe.GetAsync("/v1/account", account: account)).Ok().Text("business_profile.name").ShouldBe("Bea");
        (await stripe.GetAsync("/v1/account", token.Text("access_token")!)).Ok().Text("id").ShouldBe(account);
        (await stripe.PostAsync("/oauth/token", $"grant_type=refresh_token&refresh_token={token.Text("refresh_token")}")).Ok().Text("stripe_user_id").ShouldBe(account);

        (await stripe.PostAsync("/oauth/deauthorize", $"client_id=ca_tenderdemo&stripe_user_id={account}")).Ok().Text("stripe_user_id").ShouldBe(account);
        (await ear.NextAsync()).Event.Text("account").ShouldBe(account);
        (await stripe.GetAsync("/v1/account", account: account)).ShouldFail(403, "account_invalid");
        (await stripe.GetAsync("/v1/account", token.Text("access_token")!)).ShouldFail(401, "api_key_expired");
        (await stripe.PostAsync("/oauth/deauthorize", $"client_id=ca_tenderdemo&stripe_user_id={account}")).Json.Text("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task A_code_works_once_and_not_for_long()
    {
        var code = await ConnectAsync();
        (await stripe.PostAsync("/oauth/token", $"grant_type=authorization_code&code={code}")).Ok();
        (await stripe.PostAsync("/oauth/token", $"grant_type=authorization_code&code={code}")).Json.Text("error").ShouldBe("invalid_grant");

        var old = await ConnectAsync();
        await stripe.AdvanceAsync(301);
        (await stripe.PostAsync("/oauth/token", $"grant_type=authorization_code&code={old}")).Json.Text("error").ShouldBe("invalid_grant");
        (await stripe.PostAsync("/oauth/token", $"grant_type=password&code={old}")).Json.Text("error").ShouldBe("unsupported_grant_type");
        ((int)(await stripe.PostAsync("/oauth/token", $"grant_type=authorization_code&code={old}", secret: "sk_test_wrong")).Status).ShouldBe(401);
    }

    [Fact]
    public async Task A_refusal_leads_back_and_a_wrong_address_does_not()
    {
        using var denied = await stripe.BrowseAsync(HttpMethod.Post, Authorize, "outcome=deny");
        denied.Headers.Location!.AbsoluteUri.ShouldBe("http://localhost:9/back?error=access_denied&error_description=The%20user%20denied%20your%20request&state=s%201");

        using var foreign = await stripe.BrowseAsync(HttpMethod.Post, Authorize.Replace("localhost", "evil.example", StringComparison.Ordinal), "outcome=connect");
        foreign.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        foreign.Headers.Location.ShouldBeNull();
    }

    private async Task<string> ConnectAsync()
    {
        using var agreed = await stripe.BrowseAsync(HttpMethod.Post, Authorize, "outcome=connect&name=Bea");
        var back = HttpUtility.ParseQueryString(agreed.Headers.Location!.Query);
        back["state"].ShouldBe("s 1");
        return back["code"]!;
    }
}
