using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Browser;
using Tender.Simulators.Stripe.Connect;
using Tender.Simulators.Stripe.Control;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Keeping;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe;

/// <summary>Stripe under <c>/stripe</c>: the API, what browsers load, the hosted page, and its control under <c>/_control/stripe</c>.</summary>
internal static class StripeSlice
{
    public static void AddStripe(this IServiceCollection services) => services
        .AddSingleton<StripeIds>()
        .AddSingleton<StripeWorld>()
        .AddSingleton<StripeKeys>()
        .AddSingleton<Applications>()
        .AddSingleton<StripeFaults>()
        .AddSingleton<StripeFront>()
        .AddSingleton<WebhookPost>()
        .AddSingleton<DeliveryQueue>()
        .AddHostedService<WebhookSender>()
        .AddHostedService<StateFile>();

    public static void MapStripe(this IEndpointRouteBuilder routes)
    {
        var stripe = routes.MapGroup(StripeFront.Prefix);
        var front = routes.ServiceProvider.GetRequiredService<StripeFront>();
        foreach (var operation in StripeOperations.All)
        {
            stripe.MapMethods(operation.Pattern, [operation.Method], (HttpContext http) => front.HandleAsync(http, operation));
        }

        stripe.MapMethods("/v1/{**rest}", ["OPTIONS"], Cors.Preflight);
        stripe.Map("/v1/{**rest}", front.RefuseAddressAsync);
        BrowserFiles.Map(stripe);
        ChallengePage.Map(stripe);
        HostedPage.Map(stripe);
        AuthorizePage.Map(stripe);
        stripe.MapPost("/oauth/token", GiveToken.RunAsync);
        stripe.MapPost("/oauth/deauthorize", Deauthorize.RunAsync);
        StripeControl.Map(routes.MapGroup("/_control/stripe"));
    }
}
