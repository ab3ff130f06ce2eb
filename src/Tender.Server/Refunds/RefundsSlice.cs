using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Refunds;

/// <summary>Money going back: reserve, send, ask again.</summary>
internal static class RefundsSlice
{
    public static IServiceCollection AddRefunds(this IServiceCollection services) => services
        .AddSingleton<RefundPayment>()
        .AddSingleton<ITenantWork, AskRefundsAgain>();

    public static void MapRefunds(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/payments/{id}/refund", RefundAsync).WithTags("Payments").CallableBy(Callers.Key | Callers.Operator).TakesIdempotencyKey()
            .Answers<RefundSent>("refundPayment", 201).Refuses(502);
        app.MapRefundForms();
    }

    /// <summary>Sends money back, all of it or a part.</summary>
    /// <remarks>At most what was received and not yet refunded. A status of unknown means the provider's answer was lost; it is asked until it says.</remarks>
    public static async Task<IResult> RefundAsync(
        string id, RefundPayment.Request? request, RefundPayment refund, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await ReadPayment.IsOwnAsync(db, id, context.Caller(), cancellation)
            ? PaymentAnswers.UnknownPayment()
            : RefundAnswers.Of(await refund.RunAsync(db, id, request ?? new(null, null), context.Caller().Actor, cancellation, context.IdempotentCall()));
}
