using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Refunds;

/// <summary>GET /v1/refunds and /v1/refunds/{id}; POST /v1/refunds/{id} for metadata.</summary>
internal static class ReadRefunds
{
    public static readonly Accepts AcceptsList = Accepts.Of($"payment_intent charge {StripeList.Parameters}");
    public static readonly Accepts AcceptsUpdate = Accepts.Of("metadata[*]");

    public static object One(StripeCall call) => call.Account.Refunds.Need(call.Id!);

    public static StripeList List(StripeCall call)
    {
        var (intent, charge) = (call.Form.Text("payment_intent"), call.Form.Text("charge"));
        return StripeList.Of("/v1/refunds", call.Account.Refunds, call.Form, refund => (intent is null || refund.PaymentIntent == intent) && (charge is null || refund.Charge == charge));
    }

    public static object Update(StripeCall call)
    {
        var refund = call.Account.Refunds.Need(call.Id!);
        refund.Metadata = call.Form.Metadata(refund.Metadata);
        return refund;
    }
}
