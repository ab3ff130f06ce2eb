using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>Payment links: an address to share, that ends in a checkout session like any other.</summary>
internal static class PaymentLinksSlice
{
    public static IServiceCollection AddPaymentLinks(this IServiceCollection services) => services
        .AddSingleton<CreatePaymentLink>()
        .AddSingleton<ChangePaymentLink>()
        .AddSingleton<CountVisits>()
        .AddHostedService(s => s.GetRequiredService<CountVisits>())
        .AddSingleton<FindLink>()
        .AddSingleton<PayByLink>();

    public static void MapPaymentLinks(this IEndpointRouteBuilder app)
    {
        var links = app.MapGroup("/api/payment-links").WithTags("Payment links");
        app.MapLinkForms();
        links.MapPost("", PaymentLinkEndpoints.CreateAsync).CallableBy(Callers.Key | Callers.Operator).TakesIdempotencyKey().Answers<PaymentLinkView>("createPaymentLink", 201);
        links.MapGet("", PaymentLinkEndpoints.ListAsync).CallableBy(Callers.Key | Callers.Viewer).Answers<Page<PaymentLinkView>>("listPaymentLinks");
        links.MapGet("/{id}", PaymentLinkEndpoints.ReadAsync).CallableBy(Callers.Key | Callers.Viewer).Answers<PaymentLinkView>("readPaymentLink");
        links.MapPatch("/{id}", PaymentLinkEndpoints.ChangeAsync).CallableBy(Callers.Key | Callers.Operator).Answers<PaymentLinkView>("changePaymentLink").Refuses(404, 409, 422);
    }
}
