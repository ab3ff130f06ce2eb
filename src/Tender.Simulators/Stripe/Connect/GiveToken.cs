using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Connect;

/// <summary>POST /oauth/token: a code, or a refresh token, becomes a key. Errors are flat here, unlike everywhere else.</summary>
internal static class GiveToken
{
    public static async Task<IResult> RunAsync(HttpContext http, StripeWorld world, StripeKeys keys, Applications applications)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (Platform(http, form, world, keys) is not { } platform) return Refuse(401, "invalid_client", "No API key provided, or it is not a secret key of a platform.");

        var grant = form["grant_type"].ToString() switch
        {
            "authorization_code" => applications.Redeem(form["code"].ToString()),
            "refresh_token" => applications.Refresh(form["refresh_token"].ToString()),
            _ => null,
        };
        if (form["grant_type"].ToString() is not ("authorization_code" or "refresh_token")) return Refuse(400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
        if (grant is null || applications.Find(grant.ClientId)?.Platform != platform.Id)
            return Refuse(400, "invalid_grant", "Authorization code does not exist, has expired, was used before, or does not belong to you.");

        var account = world.Find(grant.Account, platform.LiveMode);
        return account is null || !account.IsConnectedTo(platform.Id)
            ? Refuse(400, "invalid_grant", "The account has ended the connection.")
            : Answer(world, applications, grant, account);
    }

    /// <summary>The platform that calls: by its secret key in the header, or as <c>client_secret</c> in the form.</summary>
    public static StripeAccount? Platform(HttpContext http, IFormCollection form, StripeWorld world, StripeKeys keys)
    {
        if (form["client_secret"].ToString() is { Length: > 0 } secret) return world.OwnerOf(secret) is { IsPublishable: false } owner ? owner.Account : null;
        try
        {
            return keys.Recognise(http.Request, operation: null).Account;
        }
        catch (StripeProblem)
        {
            return null;
        }
    }

    public static IResult Refuse(int status, string error, string description) =>
        Results.Text(StripeJson.Bytes(new { Error = error, ErrorDescription = description }), "application/json", status);

    private static IResult Answer(StripeWorld world, Applications applications, Grant grant, StripeAccount account)
    {
        // A key of its own for each connection: deauthorizing ends it, and not the account's other keys.
        var (secret, publishable) = (world.Ids.New("sk_test_"), world.Ids.New("pk_test_"));
        world.Open(account.Id, secret, publishable);
        account.GrantedKeys.Add(secret);
        account.GrantedKeys.Add(publishable);
        return Results.Bytes(StripeJson.Bytes(new
        {
            AccessToken = secret,
            Livemode = account.LiveMode,
            RefreshToken = applications.NewRefreshToken(grant),
            grant.Scope,
            StripePublishableKey = publishable,
            StripeUserId = account.Id,
            TokenType = "bearer",
        }), "application/json");
    }
}
