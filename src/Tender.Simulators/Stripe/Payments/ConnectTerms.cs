using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>Who gets what of a payment that concerns two accounts.</summary>
internal static class ConnectTerms
{
    /// <summary>The platform's fee, allowed only where there is a platform and another account.</summary>
    public static long? Fee(StripeCall call, FormNode form)
    {
        if (form.Whole("application_fee_amount") is not { } fee) return null;
        var isDirect = call.KeyAccount != call.Account;
        return isDirect || form.Has("transfer_data")
            ? fee
            : throw StripeProblem.Invalid("Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).", "application_fee_amount", "application_fees_not_allowed");
    }

    public static TransferTarget? Transfer(StripeCall call, FormNode form)
    {
        if (form["transfer_data"] is not { } terms) return null;
        var destination = terms.RequiredText("destination");
        var target = call.World.Find(destination, call.Account.LiveMode);
        return target is not null && target.IsConnectedTo(call.Account.Id)
            ? new(destination, terms.Whole("amount"))
            : throw StripeProblem.Invalid($"No such destination: '{destination}'", "transfer_data[destination]", "resource_missing");
    }
}
