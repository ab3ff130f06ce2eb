using Tender.Server.Fulfilment;
using Tender.Server.Hosting;
using Tender.Server.Payments;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>Checkout's outcomes as HTTP.</summary>
internal static class CheckoutAnswers
{
    public static IResult Of(CreateCheckoutSession.Outcome outcome) => outcome switch
    {
        CreateCheckoutSession.Outcome.Created { Session: var session } => Results.Created($"/api/v1/checkout/sessions/{session.Id}", session),
        CreateCheckoutSession.Outcome.UnknownProduct => Problem.NotFound("unknown_product", "There is no such product, or it is not sold any more."),
        CreateCheckoutSession.Outcome.NoPrice { Currency: var currency } =>
            Problem.Impossible("no_price", $"The product has no price in {currency.ToUpperInvariant()}.", "currency"),
        CreateCheckoutSession.Outcome.NothingToPay => Problem.Impossible("nothing_to_pay", "The product is free; there is nothing to pay.", "productId"),
        CreateCheckoutSession.Outcome.SoldOut => Problem.Conflict("sold_out", "Fewer are left than were asked for."),
        CreateCheckoutSession.Outcome.NoPlace => Problem.Conflict("no_place", "The link is paid, or being paid, as often as it may be."),
        CreateCheckoutSession.Outcome.NotStarted { Why: var why } => PaymentAnswers.NotStarted(why),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    public static IResult Unpaid(SessionState state, bool isCertain) => isCertain
        ? Problem.Conflict("not_paid", $"The session is not paid; it is {state.Status}.").With("sessionStatus", state.Status)
        : Problem.BadGateway("provider_unavailable", "The payment provider does not answer. Nothing is lost: it is asked again until it says how the payment stands.")
            .With("sessionStatus", state.Status).RetryAfter(5);

    public static Confirmed Paid(SessionState state, Given given, SignedLinks links) => new(
        true, given.TicketIds, given.InvoiceId,
        new(given.TicketIds.Count > 0 ? links.Ticket(given.TicketIds[0]) : null, given.InvoiceId is { } invoice ? links.Invoice(invoice) : null));

    /// <param name="TicketIds">One for each ticket that was bought.</param>
    internal sealed record Confirmed(bool Success, IReadOnlyList<string> TicketIds, string? InvoiceId, Downloads DownloadUrls);

    /// <summary>Signed links that expire; call confirm again for fresh ones.</summary>
    internal sealed record Downloads(string? Tickets, string? Invoice);
}
