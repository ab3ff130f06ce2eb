using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>POST /v1/payment_intents/{id}.</summary>
internal static class UpdatePaymentIntent
{
    public static readonly Accepts Accepts = Accepts.Of($"""
        amount application_fee_amount currency customer description metadata[*] payment_method_types[] payment_method_options** receipt_email setup_future_usage
        shipping** statement_descriptor statement_descriptor_suffix transfer_group {ReadPaymentMethod.Parameters}
        """);

    private static readonly string[] OnlyWhileOpen = ["amount", "currency", "payment_method", "payment_method_data", "payment_method_types", "application_fee_amount"];

    public static PaymentIntent Run(StripeCall call)
    {
        var (form, intent) = (call.Form, call.Account.PaymentIntents.Need(call.Id!));
        if (!PaymentStatus.AwaitsPayer(intent.Status) && OnlyWhileOpen.FirstOrDefault(form.Has) is { } late)
            throw StripeProblem.WrongState($"This PaymentIntent's {late} could not be updated because it has a status of {intent.Status}. You may only update the {late} of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.", "payment_intent_unexpected_state", () => StripeJson.Node(intent));

        var currency = form.Has("currency") ? Currencies.Read(form) : intent.Currency;
        var amount = form.Whole("amount") ?? intent.Amount;
        Currencies.CheckAmount(amount, currency);
        (intent.Amount, intent.Currency) = (amount, currency);
        if (form.Has("application_fee_amount")) intent.ApplicationFeeAmount = ConnectTerms.Fee(call, form);
        if (form.Has("metadata")) intent.Metadata = form.Metadata(intent.Metadata);
        if (form.Has("description")) intent.Description = form.Text("description");
        if (form.Has("customer")) intent.Customer = form.Text("customer");
        if (form.Has("receipt_email")) intent.ReceiptEmail = form.Text("receipt_email");
        if (form.Has("transfer_group")) intent.TransferGroup = form.Text("transfer_group");
        if (form.Has("statement_descriptor")) intent.StatementDescriptor = form.Text("statement_descriptor");
        if (form.Has("statement_descriptor_suffix")) intent.StatementDescriptorSuffix = form.Text("statement_descriptor_suffix");
        if (ReadPaymentMethod.From(call) is { } method)
        {
            intent.PaymentMethod = method.Id;
            intent.Status = PaymentStatus.RequiresConfirmation;
        }

        return intent;
    }
}
