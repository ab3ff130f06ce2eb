using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Starts payments: a PaymentIntent for a form on the merchant's page, a Checkout Session for Stripe's own page.</summary>
internal sealed class StripeStart(StripeApi api, StripeOptions options, TimeProvider time)
{
    /// <summary>Our attempt's id in Stripe's metadata: how an event, or a payment whose start was uncertain, is known again.</summary>
    public const string AttemptKey = "tender_attempt";

    // Stripe's bounds for a session's life, less a margin for our clocks.
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(31);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(2);

    public async Task<ProviderAnswer> RunAsync(PaymentRequest payment, Account account, CancellationToken cancellation)
    {
        if (!StripeAmounts.TryToWire(payment.Amount, out var amount, out var why)) return new ProviderAnswer.Refused(why, Retriable: true);
        if (StripeKeys.ModeOf(account.RequiredSecret(StripeKeys.SecretKey).Reveal()) is { } mode && mode != account.Mode)
        {
            return new ProviderAnswer.Refused("The connection's keys are of the other mode.", Retriable: true);
        }

        return payment.Presentation is Presentation.Embedded
            ? await EmbedAsync(payment, amount, account, cancellation)
            : await HostAsync(payment, amount, account, cancellation);
    }

    private async Task<ProviderAnswer> EmbedAsync(PaymentRequest payment, long amount, Account account, CancellationToken cancellation)
    {
        if (account.Field(StripeKeys.PublishableKey) is not { Length: > 0 } publishableKey)
        {
            return new ProviderAnswer.Refused("The connection has no publishable key.", Retriable: true);
        }

        // No receipt_email: the payer's mail is Tender's, and Stripe's would be a second one.
        var form = new StripeForm()
            .Add("amount", amount)
            .Add("currency", payment.Amount.Currency.Code)
            .Add("automatic_payment_methods[enabled]", true)
            .Add("description", NullIfBlank(payment.Description))
            .Add("capture_method", payment.CaptureLater ? "manual" : null)
            .AddMetadata("metadata", payment.Reference, payment.Metadata);

        var reply = await api.PostAsync("/v1/payment_intents", form, KeyOf(payment), StripeJson.Default.StripePaymentIntent, account, cancellation);
        return reply switch
        {
            StripeReply<StripePaymentIntent>.Got { Object: { ClientSecret: { Length: > 0 } secret } intent, Body: var body }
                when IsWhatWasAsked(intent.Amount, intent.Currency, amount, payment) && StripeReports.Of(intent, at: null, StripeEvidence.Of(body)) is { } report =>
                new ProviderAnswer.AwaitingPayer(
                    new PayerAction.Embed(options.Script, publishableKey, NullIfBlank(account.Field(StripeKeys.ConnectedAccount)), secret), report),
            StripeReply<StripePaymentIntent>.Not no => no.Outcome,
            _ => new ProviderAnswer.Unknown("Stripe's answer is not the payment that was asked for."),
        };
    }

    private async Task<ProviderAnswer> HostAsync(PaymentRequest payment, long amount, Account account, CancellationToken cancellation)
    {
        if (payment.ReturnTo is null) return new ProviderAnswer.Refused("Stripe's own page needs an address to return to.", Retriable: true);

        var form = SessionForm(payment, amount);
        var reply = await api.PostAsync("/v1/checkout/sessions", form, KeyOf(payment), StripeJson.Default.StripeSession, account, cancellation);
        return reply switch
        {
            StripeReply<StripeSession>.Got { Object: var session, Body: var body }
                when Uri.TryCreate(session.Url, UriKind.Absolute, out var page) && page.Scheme is "https" or "http" &&
                     IsWhatWasAsked(session.AmountTotal, session.Currency, amount, payment) &&
                     StripeReports.Of(session, at: null, StripeEvidence.Of(body)) is { } report =>
                new ProviderAnswer.AwaitingPayer(new PayerAction.Redirect(page), report),
            StripeReply<StripeSession>.Not no => no.Outcome,
            _ => new ProviderAnswer.Unknown("Stripe's answer is not the payment that was asked for."),
        };
    }

    // Nobody is shown a form for another sum than the one agreed.
    private static bool IsWhatWasAsked(long? said, string? currency, long asked, PaymentRequest payment) =>
        said == asked && currency == payment.Amount.Currency.Code;

    // A session's own metadata does not reach its payment, so both carry it.
    private StripeForm SessionForm(PaymentRequest payment, long amount) => WithLine(new StripeForm().Add("mode", "payment"), payment, amount)
        .Add("success_url", payment.ReturnTo!.AbsoluteUri)
        .Add("cancel_url", payment.CancelTo?.AbsoluteUri)
        .Add("client_reference_id", payment.Reference)
        .Add("customer_email", NullIfBlank(payment.PayerEmail))
        .Add("expires_at", Within(payment.ExpiresAt))
        .AddMetadata("metadata", payment.Reference, payment.Metadata)
        .Add("payment_intent_data[description]", NullIfBlank(payment.Description))
        .Add("payment_intent_data[capture_method]", payment.CaptureLater ? "manual" : null)
        .AddMetadata("payment_intent_data[metadata]", payment.Reference, payment.Metadata);

    private static StripeForm WithLine(StripeForm form, PaymentRequest payment, long amount) => payment.PriceId is { } price
        ? form.Add("line_items[0][quantity]", 1).Add("line_items[0][price]", price)
        : form
            .Add("line_items[0][quantity]", 1)
            .Add("line_items[0][price_data][currency]", payment.Amount.Currency.Code)
            .Add("line_items[0][price_data][unit_amount]", amount)
            .Add("line_items[0][price_data][product_data][name]", NullIfBlank(payment.Description) ?? "Payment");

    // A repeat must send the same form, so a time that has to be moved is moved to a full hour: seconds later it is still the same one.
    // Tender closes the session itself when the payment's own time is up.
    private DateTimeOffset Within(DateTimeOffset expiresAt)
    {
        var now = time.GetUtcNow();
        if (expiresAt < now + ShortestSession) return FullHour((now + ShortestSession).UtcTicks + TimeSpan.TicksPerHour - 1);
        return expiresAt > now + LongestSession ? FullHour((now + LongestSession).UtcTicks) : expiresAt;
    }

    private static DateTimeOffset FullHour(long ticks) => new(ticks - ticks % TimeSpan.TicksPerHour, TimeSpan.Zero);

    private static string KeyOf(PaymentRequest payment) => $"tender-{payment.Reference}-start";

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
