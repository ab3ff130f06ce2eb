using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Connect;

/// <summary>POST /oauth/deauthorize: the connection ends, and the platform hears of it.</summary>
internal static class Deauthorize
{
    public static async Task<IResult> RunAsync(HttpContext http, StripeWorld world, StripeKeys keys, Applications applications)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (GiveToken.Platform(http, form, world, keys) is not { } platform) return GiveToken.Refuse(401, "invalid_client", "No API key provided, or it is not a secret key of a platform.");

        var (client, id) = (form["client_id"].ToString(), form["stripe_user_id"].ToString());
        if (applications.Find(client)?.Platform != platform.Id) return GiveToken.Refuse(400, "invalid_client", "The client identifier is not yours.");
        if (world.Find(id, platform.LiveMode) is not { } account || !account.IsConnectedTo(platform.Id))
            return GiveToken.Refuse(400, "invalid_request", $"This application is not connected to stripe account {id}, or that account does not exist.");

        End(world, applications, account, platform.Id, client);
        return Results.Bytes(StripeJson.Bytes(new { StripeUserId = id }), "application/json");
    }

    /// <summary>The news goes out while the connection still stands, or nobody would hear it.</summary>
    public static void End(StripeWorld world, Applications applications, StripeAccount account, string platform, string client)
    {
        world.Act(account, scene => scene.Emit("account.application.deauthorized", new { Id = client, Object = "application", Name = "Platform" }));
        account.Disconnect(platform);
        applications.Forget(account.Id);
        foreach (var key in account.GrantedKeys) world.Revoke(key);
    }
}
