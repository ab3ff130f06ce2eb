using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>
/// Ends what is open: cancels a payment, expires a session, captures held money. Each of them can be done once only, and a second try is an
/// error that is answered by asking; so no idempotency key is sent, which would repeat an old error after the state has changed.
/// </summary>
internal sealed class StripeClose(StripeApi api, StripeFind find, StripeAsk ask)
{
    public async Task<ProviderAnswer> CancelAsync(PaymentLookup payment, CancelReason reason, Account account, CancellationToken cancellation)
    {
        var (id, instead) = await find.RunAsync(payment, account, cancellation);
        if (id is null) return instead!;

        // The payment of a session cannot be canceled; the session is expired instead.
        var session = StripeAsk.IsSession(id) ? id :
            payment.Presentation is Presentation.Hosted ? (await ask.SessionOfAsync(id, account, cancellation))?.Id : null;
        return session is null
            ? await CancelPaymentAsync(id, payment.Presentation, reason, account, cancellation)
            : await ExpireAsync(session, reason, account, cancellation);
    }

    public async Task<ProviderAnswer> CaptureAsync(PaymentLookup payment, Money amount, Account account, CancellationToken cancellation)
    {
        if (!StripeAmounts.TryToWire(amount, out var wire, out var why)) return new ProviderAnswer.Refused(why, Retriable: false);

        var (known, instead) = await find.RunAsync(payment, account, cancellation);
        if (known is null) return instead!;

        var (id, noPayment) = await ask.PaymentOfAsync(known, account, cancellation);
        if (id is null) return noPayment!;

        var path = $"/v1/payment_intents/{StripeAsk.Escape(id)}/capture";
        var form = new StripeForm().Add("amount_to_capture", wire).Add("expand[0]", "latest_charge.balance_transaction");
        var reply = await api.PostAsync(path, form, idempotencyKey: null, StripeJson.Default.StripePaymentIntent, account, cancellation);
        return await AnswerAsync(reply, id, payment.Presentation, account, cancellation);
    }

    private async Task<ProviderAnswer> CancelPaymentAsync(
        string id, Presentation presentation, CancelReason reason, Account account, CancellationToken cancellation)
    {
        // Abandoned reads back as Expired, requested_by_customer as Canceled: see StripeStatus.
        var form = new StripeForm().Add("cancellation_reason", reason is CancelReason.TimeUp ? "abandoned" : "requested_by_customer");
        var path = $"/v1/payment_intents/{StripeAsk.Escape(id)}/cancel";
        var reply = await api.PostAsync(path, form, idempotencyKey: null, StripeJson.Default.StripePaymentIntent, account, cancellation);
        return await AnswerAsync(reply, id, presentation, account, cancellation);
    }

    private async Task<ProviderAnswer> ExpireAsync(string id, CancelReason reason, Account account, CancellationToken cancellation)
    {
        var path = $"/v1/checkout/sessions/{StripeAsk.Escape(id)}/expire";
        var reply = await api.PostAsync(path, new StripeForm(), idempotencyKey: null, StripeJson.Default.StripeSession, account, cancellation);
        switch (reply)
        {
            case StripeReply<StripeSession>.Got got when StripeReports.Of(got.Object, at: null, StripeEvidence.Of(got.Body)) is { } report:
                // A session can only expire. That it did so by somebody's wish is known here alone, and Canceled is the stronger word.
                var wished = reason is CancelReason.Requested && report.Status is ReportedStatus.Expired;
                return new ProviderAnswer.Reported(wished ? report with { Status = ReportedStatus.Canceled } : report);

            case StripeReply<StripeSession>.Not { HttpStatus: 400 } no:
                var now = await ask.ByIdAsync(id, Presentation.Hosted, account, cancellation);
                return now is ProviderAnswer.Reported { Reports: [PaymentReport { Status: ReportedStatus.Authorized } held, ..] }
                    ? await CancelPaymentAsync(held.ProviderPaymentId, Presentation.Hosted, reason, account, cancellation)
                    : UnlessOpen(now, no.Outcome);

            case StripeReply<StripeSession>.Not no:
                return no.IsMissing ? StripeFind.NotFound : no.Outcome;

            default:
                return new ProviderAnswer.Unknown("Stripe's answer names no session.");
        }
    }

    private async Task<ProviderAnswer> AnswerAsync(
        StripeReply<StripePaymentIntent> reply, string id, Presentation presentation, Account account, CancellationToken cancellation) => reply switch
        {
            StripeReply<StripePaymentIntent>.Got got when StripeReports.Of(got.Object, at: null, StripeEvidence.Of(got.Body)) is { } report =>
                new ProviderAnswer.Reported(report),
            StripeReply<StripePaymentIntent>.Not { HttpStatus: 400 or 402 } no =>
                UnlessOpen(await ask.ByIdAsync(id, presentation, account, cancellation), no.Outcome),
            StripeReply<StripePaymentIntent>.Not no => no.IsMissing ? StripeFind.NotFound : no.Outcome,
            _ => new ProviderAnswer.Unknown("Stripe's answer names no payment."),
        };

    // Wrong state: what it then is, is the answer. Where it is still what it was, Stripe's reason is.
    private static ProviderAnswer UnlessOpen(ProviderAnswer now, ProviderAnswer refusal) => now is ProviderAnswer.Reported
    {
        Reports: [PaymentReport { Status: ReportedStatus.Pending or ReportedStatus.Declined or ReportedStatus.Authorized }, ..]
    } ? refusal : now;
}
