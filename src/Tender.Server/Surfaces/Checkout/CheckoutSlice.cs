using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Payments;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>Checkout: pay on the merchant's own site.</summary>
internal static class CheckoutSlice
{
    /// <summary>What a payment made here is for.</summary>
    public const string Purpose = "checkout";

    private const string AnyOrigin = "embed";

    public static IServiceCollection AddCheckout(this IServiceCollection services) => services
        .AddSingleton<CreateCheckoutSession>()
        .AddSingleton<ShowSession>()
        .AddSingleton<CheckoutLinks>()
        .AddSingleton<ISettlePurpose, SettleCheckout>()
        .AddCors(cors => cors.AddPolicy(AnyOrigin, policy => policy.AllowAnyOrigin().WithMethods("POST").WithHeaders("Content-Type")));

    public static void MapCheckout(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/checkout").WithTags("Checkout");
        api.MapGet("/config", CheckoutEndpoints.ConfigAsync).CallableBy(Callers.Key).Answers<CheckoutEndpoints.Config>("readCheckoutConfig");
        api.MapPost("/sessions", CheckoutEndpoints.CreateAsync).CallableBy(Callers.Key).TakesIdempotencyKey()
            .Answers<CreateCheckoutSession.Response>("createCheckoutSession", 201).Refuses(404, 502);
        api.MapGet("/sessions/{id}", CheckoutEndpoints.ReadAsync).CallableBy(Callers.Key).Answers<CheckoutEndpoints.Session>("readCheckoutSession");
        api.MapPost("/confirm", CheckoutEndpoints.ConfirmAsync).CallableBy(Callers.Key).Answers<CheckoutAnswers.Confirmed>("confirmCheckout").Refuses(404, 409, 422, 502);
        api.MapPost("/embed", EmbedEndpoints.OpenAsync).CallableBy(Callers.Public).RequireCors(AnyOrigin).Answers<EmbedEndpoints.EmbedSession>("openEmbed").Refuses(404);
        api.MapPost("/embed/confirm", EmbedEndpoints.ConfirmAsync).CallableBy(Callers.Public).RequireCors(AnyOrigin).Answers<EmbedEndpoints.EmbedStatus>("confirmEmbed").Refuses(404);
    }
}
