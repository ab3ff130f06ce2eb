using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Tender.Domain.Amounts;
using Tender.Server.Members;
using Tender.Server.Refunds;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>What the console's buttons on a payment post.</summary>
internal static class PaymentForms
{
    public static void MapPaymentForms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/console/payments/{id}/refund", RefundAsync).CallableBy(Callers.Operator);
        app.MapPost("/console/payments/{id}/cancel", CancelAsync).CallableBy(Callers.Operator);
        app.MapGet("/console/payments.csv", ExportAsync).CallableBy(Callers.Viewer);
    }

    private static async Task<IResult> RefundAsync(
        string id, [FromForm] string amount, ReadPaymentDetail read, RefundPayment refund, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (await read.RunAsync(db, id, cancellation) is not { } detail || detail.Payment.Mode != Hosting.Words.ToWord(context.Caller().Mode)) return PaymentAnswers.UnknownPayment();
        if (MinorOf(amount, Currency.Of(detail.Payment.Currency)) is not { } minor) return Back(id, "The amount could not be read; nothing was refunded.");

        var outcome = await refund.RunAsync(db, id, new(minor, "requested_by_customer"), context.Caller().Actor, cancellation);
        return Back(id, outcome switch
        {
            RefundPayment.Outcome.Sent { Refund: var sent } => $"Refund of {sent.Amount} is on its way.",
            RefundPayment.Outcome.TooMuch { Left: var left } => $"Only {left} can still be refunded; nothing was sent back.",
            RefundPayment.Outcome.Refused { Reason: var reason } => $"The provider refused the refund: {reason}",
            RefundPayment.Outcome.NotReached => "The provider was not reached; nothing was sent back. Try again.",
            _ => "Nothing was refunded.",
        });
    }

    private static async Task<IResult> CancelAsync(string id, CancelPayment cancel, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<string>("select mode from payments where id = @id", new { id }, cancellation) != Hosting.Words.ToWord(context.Caller().Mode) ? PaymentAnswers.UnknownPayment() : Back(id, await cancel.RunAsync(db, id, context.Caller(), cancellation) switch
        {
            CancelPayment.Outcome.Canceled => "Canceled. Nobody can pay it any more.",
            CancelPayment.Outcome.Closed { Status: var status } => $"It is {Hosting.Words.ToWord(status)} already.",
            CancelPayment.Outcome.NotReached => "The provider was not reached; the payment is still open. Try again.",
            _ => "There is no such payment.",
        });

    private static IResult ExportAsync(
        string? status, string? provider, string? since, string? search, ExportPayments export, TenantDb db, HttpContext context)
    {
        // What the database would refuse is refused before the first line is sent.
        if (new[] { status, provider, since, search }.Any(text => text?.Contains('\0', StringComparison.Ordinal) is true)) return Hosting.Problem.BadRequest("zero_character", "Text must not hold a zero character.");
        var filter = PaymentLook.Filter(status, provider, since, search, null);
        var mode = context.Caller().Mode;
        return Results.Stream(body => export.RunAsync(db, mode, filter, body, context.RequestAborted), "text/csv; charset=utf-8", "payments.csv");
    }

    // The page shows major units; what has more decimals than the currency is refused, not rounded.
    private static long? MinorOf(string text, Currency currency)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major)) return null;
        var minor = major * (decimal)Math.Pow(10, currency.Exponent);
        return minor == decimal.Truncate(minor) && minor is > 0 and < long.MaxValue ? (long)minor : null;
    }

    private static IResult Back(string id, string says) => new Console.GoBack($"/console/payments/{Uri.EscapeDataString(id)}", says);
}
