namespace Tender.Simulators.Stripe.Payments;

/// <summary>Where a PaymentIntent may stand.</summary>
internal static class PaymentStatus
{
    public const string RequiresPaymentMethod = "requires_payment_method";
    public const string RequiresConfirmation = "requires_confirmation";
    public const string RequiresAction = "requires_action";
    public const string Processing = "processing";
    public const string RequiresCapture = "requires_capture";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";

    public static bool AwaitsPayer(string status) => status is RequiresPaymentMethod or RequiresConfirmation or RequiresAction;
}
