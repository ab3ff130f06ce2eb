using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Checkout;

/// <summary>GET /v1/checkout/sessions, one of them, and its lines; POST for metadata.</summary>
internal static class ReadCheckoutSessions
{
    public static readonly Accepts AcceptsList = Accepts.Of($"payment_intent customer status {StripeList.Parameters}");
    public static readonly Accepts AcceptsLines = Accepts.Of("limit starting_after ending_before");
    public static readonly Accepts AcceptsUpdate = Accepts.Of("metadata[*]");

    public static object One(StripeCall call) => call.Account.Sessions.Need(call.Id!);

    public static StripeList Lines(StripeCall call) => call.Account.Sessions.Need(call.Id!).ListLines();

    public static StripeList List(StripeCall call)
    {
        var (intent, customer, status) = (call.Form.Text("payment_intent"), call.Form.Text("customer"), call.Form.Choice("status", "open", "complete", "expired"));
        return StripeList.Of("/v1/checkout/sessions", call.Account.Sessions, call.Form, session =>
            (intent is null || session.PaymentIntent == intent) && (customer is null || session.Customer == customer) && (status is null || session.Status == status));
    }

    public static object Update(StripeCall call)
    {
        var session = call.Account.Sessions.Need(call.Id!);
        session.Metadata = call.Form.Metadata(session.Metadata);
        return session;
    }
}
