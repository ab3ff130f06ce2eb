using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>POST /v1/payment_intents.</summary>
internal static class CreatePaymentIntent
{
    /// <summary>What is shared with <c>payment_intent_data</c> of a Checkout Session.</summary>
    public const string Details = """
        application_fee_amount capture_method description metadata[*] on_behalf_of receipt_email setup_future_usage shipping** statement_descriptor
        statement_descriptor_suffix transfer_data[destination] transfer_data[amount] transfer_group
        """;

    public static readonly Accepts Accepts = Accepts.Of($"""
        amount! currency! automatic_payment_methods[enabled] automatic_payment_methods[allow_redirects] payment_method_types[] excluded_payment_method_types[]
        customer confirm confirmation_method return_url off_session error_on_requires_action use_stripe_sdk payment_method_options** radar_options**
        mandate_data** {Details} {ReadPaymentMethod.Parameters}
        """);

    public static PaymentIntent Run(StripeCall call)
    {
        var form = call.Form;
        var currency = Currencies.Read(form);
        var amount = form.RequiredWhole("amount");
        Currencies.CheckAmount(amount, currency);
        var confirm = form.Flag("confirm") is true;
        if (form.Has("return_url") && !confirm) throw StripeProblem.Invalid("The parameter `return_url` cannot be passed when creating a PaymentIntent unless `confirm` is set to true.", "return_url");

        var method = ReadPaymentMethod.From(call);
        var intent = Build(call, form, amount, currency, session: null);
        intent.PaymentMethod = method?.Id;
        intent.Status = method is null ? PaymentStatus.RequiresPaymentMethod : PaymentStatus.RequiresConfirmation;
        call.Account.PaymentIntents.Add(intent);
        call.Scene.Emit("payment_intent.created", intent);
        return confirm ? ConfirmPaymentIntent.Confirm(call, intent) : intent;
    }

    /// <summary>A payment from its details, not yet on the shelf.</summary>
    public static PaymentIntent Build(StripeCall call, FormNode? details, long amount, string currency, string? session)
    {
        var form = details ?? new FormNode("");
        if (call.Account is { LiveMode: true, ChargesEnabled: false }) throw StripeProblem.Invalid("Your account cannot currently make live charges. If you are a site owner, please activate your account to remove this limitation.", code: "testmode_charges_only");
        var (scene, id) = (call.Scene, call.Scene.Ids.New("pi_3"));
        var methodTypes = form.Texts("payment_method_types");
        var automatic = form["automatic_payment_methods"];
        var isAutomatic = automatic?.Flag("enabled") ?? methodTypes.Length == 0;
        if (isAutomatic && methodTypes.Length > 0) throw StripeProblem.Invalid("You may only specify one of these parameters: automatic_payment_methods, payment_method_types.", "payment_method_types");

        return new()
        {
            Id = id,
            Amount = amount,
            ApplicationFeeAmount = ConnectTerms.Fee(call, form),
            AutomaticPaymentMethods = isAutomatic ? new(automatic?.Choice("allow_redirects", "always", "never") ?? "always", Enabled: true) : null,
            CaptureMethod = form.Choice("capture_method", "automatic", "automatic_async", "manual") ?? "automatic_async",
            ClientSecret = scene.Ids.New($"{id}_secret_", 25),
            ConfirmationMethod = form.Choice("confirmation_method", "automatic", "manual") ?? "automatic",
            Created = scene.Now,
            Currency = currency,
            Customer = form.Text("customer"),
            Description = form.Text("description"),
            Livemode = scene.Account.LiveMode,
            IndexedFrom = call.World.Clock.GetUtcNow(),
            Metadata = form.Metadata(),
            OnBehalfOf = form.Text("on_behalf_of"),
            PaymentMethodTypes = methodTypes.Length > 0 ? Known(methodTypes) : scene.Account.MethodTypes,
            ReceiptEmail = form.Text("receipt_email"),
            Session = session,
            SetupFutureUsage = form.Choice("setup_future_usage", "on_session", "off_session"),
            StatementDescriptor = form.Text("statement_descriptor"),
            StatementDescriptorSuffix = form.Text("statement_descriptor_suffix"),
            Status = PaymentStatus.RequiresPaymentMethod,
            TransferData = ConnectTerms.Transfer(call, form),
            TransferGroup = form.Text("transfer_group"),
        };
    }

    public static string[] Known(string[] types)
    {
        foreach (var type in types)
        {
            if (type is not ("card" or "us_bank_account" or "ideal" or "link"))
                throw StripeProblem.Invalid($"The payment method type \"{type}\" is invalid. Please ensure the provided type is activated in your dashboard.", "payment_method_types");
        }

        return types;
    }
}
