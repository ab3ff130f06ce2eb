using Tender.Server.Hosting;
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
        .AddSingleton<ConfirmPaid>()
        .AddSingleton<ShowSession>()
        .AddSingleton<Locators>()
        .AddSingleton<CheckoutLinks>()
        .AddSingleton<ISettlePurpose, SettleCheckout>()
        .AddCors(cors => cors.AddPolicy(AnyOrigin, policy => policy.AllowAnyOrigin().WithMethods("POST").WithHeaders("Content-Type")));

    public static void MapCheckout(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/checkout").WithTags("Checkout");
        api.MapGet("/config", CheckoutEndpoints.ConfigAsync).CallableBy(Callers.Key);
        api.MapPost("/sessions", CheckoutEndpoints.CreateAsync).CallableBy(Callers.Key).TakesIdempotencyKey();
        api.MapGet("/sessions/{id}", CheckoutEndpoints.ReadAsync).CallableBy(Callers.Key);
        api.MapPost("/confirm", CheckoutEndpoints.ConfirmAsync).CallableBy(Callers.Key);
        api.MapPost("/embed", EmbedEndpoints.OpenAsync).CallableBy(Callers.Public).RequireCors(AnyOrigin);
        api.MapPost("/embed/confirm", EmbedEndpoints.ConfirmAsync).CallableBy(Callers.Public).RequireCors(AnyOrigin);
    }
}
