using System.Text.Json.Serialization.Metadata;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Asks how a payment stands, and what went back of it.</summary>
internal sealed class StripeAsk(StripeApi api, StripeFind find)
{
    // The charge brings the fee, and says whether money went back.
    private const string ExpandPayment = "expand[0]=latest_charge.balance_transaction";
    private const string ExpandSession = "expand[0]=payment_intent.latest_charge.balance_transaction";

    public async Task<ProviderAnswer> RunAsync(PaymentLookup payment, Account account, CancellationToken cancellation)
    {
        var (id, instead) = await find.RunAsync(payment, account, cancellation);
        if (id is null) return instead!;

        var answer = await ByIdAsync(id, payment.Presentation, account, cancellation);
        return answer == StripeFind.NotFound ? OutOfSight(payment, id) : answer;
    }

    /// <summary>The payment's own id (pi_) where a session's is at hand; null, with the answer to give instead, while there is none.</summary>
    public async Task<(string? Id, ProviderAnswer? Instead)> PaymentOfAsync(string id, Account account, CancellationToken cancellation)
    {
        if (!IsSession(id)) return (id, null);

        return await api.GetAsync($"/v1/checkout/sessions/{Escape(id)}", StripeJson.Default.StripeSession, account, cancellation) switch
        {
            StripeReply<StripeSession>.Got { Object.PaymentIntent.Id: { } payment } => (payment, null),
            StripeReply<StripeSession>.Not no => (null, NotAnswered(no)),
            _ => (null, new ProviderAnswer.Refused("Nobody has paid on Stripe's page yet.", Retriable: false)),
        };
    }

    public Task<StripeReply<StripeSession>> SessionAsync(string id, Account account, CancellationToken cancellation) =>
        api.GetAsync($"/v1/checkout/sessions/{Escape(id)}?{ExpandSession}", StripeJson.Default.StripeSession, account, cancellation);

    /// <summary>The session that a payment was made in; null when there is none or it cannot be told now.</summary>
    public async Task<StripeSession?> SessionOfAsync(string paymentId, Account account, CancellationToken cancellation)
    {
        var path = $"/v1/checkout/sessions?payment_intent={Escape(paymentId)}&limit=1";
        var reply = await api.GetAsync(path, StripeJson.Default.StripeListStripeSession, account, cancellation);
        return reply is StripeReply<StripeList<StripeSession>>.Got { Object.Data: [var session, ..] } ? session : null;
    }

    /// <summary>A question that was not answered says nothing about the payment, whatever Stripe's reason; only "missing" does.</summary>
    public static ProviderAnswer NotAnswered<T>(StripeReply<T>.Not no) =>
        no.IsMissing ? StripeFind.NotFound :
        no.Outcome is ProviderAnswer.Refused refused ? new ProviderAnswer.Unknown($"Stripe would not say: {refused.Reason}") : no.Outcome;

    public static bool IsSession(string id) => id.StartsWith("cs_", StringComparison.Ordinal);

    public static string Escape(string id) => Uri.EscapeDataString(id);

    public async Task<ProviderAnswer> ByIdAsync(string id, Presentation presentation, Account account, CancellationToken cancellation)
    {
        if (IsSession(id))
        {
            return await SessionAsync(id, account, cancellation) switch
            {
                StripeReply<StripeSession>.Got got => await WithMoneyBackAsync(
                    StripeReports.Of(got.Object, at: null, StripeEvidence.Of(got.Body)), got.Object.PaymentIntent?.LatestCharge, account, cancellation),
                StripeReply<StripeSession>.Not no => NotAnswered(no),
                _ => throw new InvalidOperationException("a reply is one of two"),
            };
        }

        var path = $"/v1/payment_intents/{Escape(id)}?{ExpandPayment}";
        var reply = await api.GetAsync(path, StripeJson.Default.StripePaymentIntent, account, cancellation);
        if (reply is StripeReply<StripePaymentIntent>.Not unanswered) return NotAnswered(unanswered);

        var (payment, body) = (StripeReply<StripePaymentIntent>.Got)reply;
        var report = StripeReports.Of(payment, at: null, StripeEvidence.Of(body));

        // An open payment of a hosted page may belong to a session whose time is up: only the session knows.
        var isOpen = report?.Status is ReportedStatus.Pending or ReportedStatus.Declined;
        if (isOpen && presentation is Presentation.Hosted && await SessionOfAsync(id, account, cancellation) is { Id: { } session })
        {
            return await ByIdAsync(session, presentation, account, cancellation);
        }

        return await WithMoneyBackAsync(report, payment.LatestCharge, account, cancellation);
    }

    // Stripe deletes no payment: one it had and does not find belongs to other keys than the connection has now. That proves nothing about
    // the money, and it is no fault of the wire either.
    private static ProviderAnswer.Reported OutOfSight(PaymentLookup payment, string id) => new(new PaymentReport(
        payment.Reference, id, ReportedStatus.Unknown, null, null, payment.StartedAt, "Stripe does not find it under the connection's present keys."));

    // What was refunded or disputed in Stripe's own dashboard comes along, so that a lost webhook loses nothing.
    private async Task<ProviderAnswer> WithMoneyBackAsync(PaymentReport? report, StripeCharge? charge, Account account, CancellationToken cancellation)
    {
        if (report is null) return new ProviderAnswer.Unknown("Stripe's answer names no payment.");

        var reports = new List<ProviderReport> { report };
        if (charge?.AmountRefunded > 0)
        {
            var path = $"/v1/refunds?payment_intent={Escape(report.ProviderPaymentId)}&limit=100";
            await AddEachAsync(path, StripeJson.Default.StripeListStripeRefund, refund => StripeReports.Of(refund, at: null, evidence: null));
        }

        if (charge?.Disputed is true)
        {
            var path = $"/v1/disputes?payment_intent={Escape(report.ProviderPaymentId)}&limit=100";
            await AddEachAsync(path, StripeJson.Default.StripeListStripeDispute, dispute => StripeReports.Of(dispute, at: null, evidence: null));
        }

        return new ProviderAnswer.Reported(reports);

        async Task AddEachAsync<T>(string path, JsonTypeInfo<StripeList<T>> shape, Func<T, ProviderReport?> read)
        {
            var reply = await api.GetAsync(path, shape, account, cancellation);
            if (reply is StripeReply<StripeList<T>>.Got { Object.Data: { } rows }) reports.AddRange(rows.Select(read).OfType<ProviderReport>());
        }
    }
}
