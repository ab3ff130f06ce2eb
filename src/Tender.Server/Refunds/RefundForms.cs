using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Tender.Domain.Amounts;
using Tender.Server.Console;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Refunds;

/// <summary>What the console's refund button on a payment posts.</summary>
internal static class RefundForms
{
    public static void MapRefundForms(this IEndpointRouteBuilder app) =>
        app.MapPost("/console/payments/{id}/refund", RefundAsync).CallableBy(Callers.Operator);

    private static async Task<IResult> RefundAsync(
        string id, [FromForm] string amount, RefundPayment refund, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (!await ReadPayment.IsOwnAsync(db, id, context.Caller(), cancellation)) return PaymentAnswers.UnknownPayment();
        var currency = await db.QuerySingleOrDefaultAsync<string>("select currency from payments where id = @id", new { id }, cancellation);
        if (MinorOf(amount, Currency.Of(currency!)) is not { } minor) return Back(id, "The amount could not be read; nothing was refunded.");

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

    // The page shows major units; what has more decimals than the currency is refused, not rounded.
    private static long? MinorOf(string text, Currency currency)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major)) return null;
        var minor = major * (decimal)Math.Pow(10, currency.Exponent);
        return minor == decimal.Truncate(minor) && minor is > 0 and < long.MaxValue ? (long)minor : null;
    }

    private static GoBack Back(string id, string says) => new($"/console/payments/{Uri.EscapeDataString(id)}", says);
}
