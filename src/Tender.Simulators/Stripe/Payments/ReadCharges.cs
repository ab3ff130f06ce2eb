using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>GET /v1/charges, /v1/charges/{id} and /v1/balance_transactions/{id}.</summary>
internal static class ReadCharges
{
    public static readonly Accepts AcceptsList = Accepts.Of($"payment_intent customer {StripeList.Parameters}");

    public static object One(StripeCall call) => call.Account.Charges.Need(call.Id!);

    public static object Transaction(StripeCall call) => call.Account.BalanceTransactions.Need(call.Id!);

    public static StripeList List(StripeCall call)
    {
        var (intent, customer) = (call.Form.Text("payment_intent"), call.Form.Text("customer"));
        return StripeList.Of("/v1/charges", call.Account.Charges, call.Form, charge => (intent is null || charge.PaymentIntent == intent) && (customer is null || charge.Customer == customer));
    }
}
