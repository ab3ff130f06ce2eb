using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Connect;

namespace Tender.Simulators.Stripe.Control;

/// <summary>Opens accounts and changes what they may do.</summary>
internal static class ControlAccounts
{
    /// <summary>Opens an account, or changes the one that has this secret key.</summary>
    public static IResult Open(StripeWorld world, Request request)
    {
        var known = world.OwnerOf(request.SecretKey)?.Account;
        var account = world.Open(request.AccountId ?? known?.Id ?? world.Ids.New("acct_1", 16), request.SecretKey, request.PublishableKey);
        if (request.RestrictedKey is { } restricted) world.AddKey(restricted, account);
        if (request.Platform is { } platform) account.Connect(platform);
        account.ChargesEnabled = request.ChargesEnabled ?? account.ChargesEnabled;
        account.Country = request.Country ?? account.Country;
        account.DefaultCurrency = request.DefaultCurrency ?? account.DefaultCurrency;
        account.DisplayName = request.DisplayName ?? account.DisplayName;
        account.MethodTypes = request.PaymentMethodTypes ?? account.MethodTypes;
        return Results.Json(new { AccountId = account.Id, account.LiveMode, request.SecretKey, request.PublishableKey }, statusCode: known is null ? 201 : 200);
    }

    /// <summary>Makes a platform known that connects accounts by OAuth.</summary>
    public static IResult Register(Applications applications, ApplicationRequest request)
    {
        applications.Register(new(request.ClientId, request.Platform, request.RedirectUris));
        return Results.Json(request, statusCode: 201);
    }

    /// <summary>The owner of an account ends a connection in the dashboard.</summary>
    public static IResult Disconnect(StripeWorld world, Applications applications, string id, DisconnectRequest request)
    {
        Deauthorize.End(world, applications, StripeControl.Account(world, id), request.Platform ?? StripeWorld.DemoAccount, request.ClientId ?? Applications.DemoClient);
        return Results.NoContent();
    }

    public static IResult Revoke(StripeWorld world, RevokeRequest request)
    {
        world.Revoke(request.Key);
        return Results.NoContent();
    }

    /// <summary>As if 24 hours had passed for the idempotency keys alone.</summary>
    public static IResult ForgetIdempotency(StripeWorld world, string? account)
    {
        StripeControl.Account(world, account).Idempotency.Clear();
        return Results.NoContent();
    }

    internal sealed record Request(string SecretKey, string PublishableKey)
    {
        public string? AccountId { get; init; }

        public string? RestrictedKey { get; init; }

        public string? Platform { get; init; }

        public bool? ChargesEnabled { get; init; }

        public string? Country { get; init; }

        public string? DefaultCurrency { get; init; }

        public string? DisplayName { get; init; }

        public string[]? PaymentMethodTypes { get; init; }
    }

    internal sealed record ApplicationRequest(string ClientId, string Platform, string[] RedirectUris);

    internal sealed record DisconnectRequest(string? Platform, string? ClientId);

    internal sealed record RevokeRequest(string Key);
}
