using Tender.Providers;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>What the console's buttons on a payment post.</summary>
internal static class PaymentForms
{
    public static void MapPaymentForms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/console/payments/{id}/cancel", CancelAsync).CallableBy(Callers.Operator);
        app.MapGet("/console/payments.csv", ExportAsync).CallableBy(Callers.Viewer);
    }

    private static async Task<IResult> CancelAsync(string id, CancelPayment cancel, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await ReadPayment.IsOwnAsync(db, id, context.Caller(), cancellation) ? PaymentAnswers.UnknownPayment() : Back(id, await cancel.RunAsync(db, id, context.Caller(), cancellation) switch
        {
            CancelPayment.Outcome.Canceled => "Canceled. Nobody can pay it any more.",
            CancelPayment.Outcome.Closed { Status: var status } => $"It is {Hosting.Words.ToWord(status)} already.",
            CancelPayment.Outcome.NotReached => "The provider was not reached; the payment is still open. Try again.",
            _ => "There is no such payment.",
        });

    private static IResult ExportAsync(
        string? status, string? provider, string? since, string? search, ExportPayments export, AllProviders providers, TenantDb db, HttpContext context)
    {
        // What the database would refuse is refused before the first line is sent.
        if (new[] { status, provider, since, search }.Any(text => text?.Contains('\0', StringComparison.Ordinal) is true)) return Hosting.BadRequests.ExplainZero(context);
        if (PaymentLook.Filter(status, provider, since, search, null) is not { } filter) return Hosting.Problem.Invalid("since", "must be a day: 2026-03-01");
        if (filter.Wrong(providers) is var (field, why)) return Hosting.Problem.Invalid(field, why);
        var mode = context.Caller().Mode;
        // Payers' names and addresses: no cache keeps them.
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(body => export.RunAsync(db, mode, filter, body, context.RequestAborted), "text/csv; charset=utf-8", "payments.csv");
    }

    private static IResult Back(string id, string says) => new Console.GoBack($"/console/payments/{Uri.EscapeDataString(id)}", says);
}
