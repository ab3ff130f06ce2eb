using Tender.Domain;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Sends money back, and asks what went back.</summary>
internal sealed class StripeRefunds(StripeApi api, StripeFind find, StripeAsk ask)
{
    private const string RefundKey = "tender_refund";
    private const string ReasonKey = "tender_reason";
    private const int MetadataCharactersMax = 500;
    private const int PagesMax = 10;

    public async Task<ProviderAnswer> RefundAsync(RefundRequest refund, Account account, CancellationToken cancellation)
    {
        if (!StripeAmounts.TryToWire(refund.Amount, out var amount, out var why)) return new ProviderAnswer.Refused(why, Retriable: false);

        var (payment, instead) = await ask.PaymentOfAsync(refund.ProviderPaymentId, account, cancellation);
        if (payment is null) return instead!;

        // Stripe knows three reasons; any other is kept beside the refund in our words.
        var known = refund.Reason is "duplicate" or "fraudulent" or "requested_by_customer";
        var form = new StripeForm()
            .Add("payment_intent", payment)
            .Add("amount", amount)
            .Add("reason", known ? refund.Reason : null)
            .Add($"metadata[{RefundKey}]", refund.Reference)
            .Add($"metadata[{ReasonKey}]", known || string.IsNullOrWhiteSpace(refund.Reason) ? null : refund.Reason.AtMost(MetadataCharactersMax));

        var reply = await api.PostAsync("/v1/refunds", form, $"tender-{refund.Reference}", StripeJson.Default.StripeRefund, account, cancellation);
        return reply switch
        {
            StripeReply<StripeRefund>.Got got when StripeReports.Of(got.Object, at: null, StripeEvidence.Of(got.Body)) is { } report =>
                new ProviderAnswer.Reported(report),
            StripeReply<StripeRefund>.Not no => no.Outcome,
            _ => new ProviderAnswer.Unknown("Stripe's answer names no refund."),
        };
    }

    public async Task<ProviderAnswer> AskAsync(PaymentLookup payment, Account account, CancellationToken cancellation)
    {
        var (known, instead) = await find.RunAsync(payment, account, cancellation);
        if (known is null) return instead!;

        var (id, noPayment) = await ask.PaymentOfAsync(known, account, cancellation);
        return id is null ? noPayment! : await ListAsync(id, account, cancellation);
    }

    private async Task<ProviderAnswer> ListAsync(string payment, Account account, CancellationToken cancellation)
    {
        var reports = new List<ProviderReport>();
        var query = $"/v1/refunds?payment_intent={StripeAsk.Escape(payment)}&limit=100";
        for (var page = 0; page < PagesMax; page++)
        {
            var reply = await api.GetAsync(query, StripeJson.Default.StripeListStripeRefund, account, cancellation);
            if (reply is StripeReply<StripeList<StripeRefund>>.Not no) return StripeAsk.NotAnswered(no);
            if (reply is not StripeReply<StripeList<StripeRefund>>.Got { Object: { Data: { } rows } list }) break;

            reports.AddRange(rows.Select(refund => StripeReports.Of(refund, at: null, evidence: null)).OfType<ProviderReport>());
            if (!list.HasMore) return new ProviderAnswer.Reported(reports);
            if (rows is not [.., { Id: { } last }]) break;
            query = $"/v1/refunds?payment_intent={StripeAsk.Escape(payment)}&limit=100&starting_after={StripeAsk.Escape(last)}";
        }

        return new ProviderAnswer.Unknown("Stripe's list of refunds could not be read to its end.");
    }
}
