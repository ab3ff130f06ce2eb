using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>
/// Stripe: cards and wallets in most of the world, embedded or on its own page, on the keys' own account or directly on a connected one.
/// Quirks and sources: docs/providers/stripe.md.
/// </summary>
internal sealed class StripeProvider : IPaymentProvider, IRefundPayments, ICancelPayments, ICapturePayments, IRegisterWebhooks, IReadPrices
{
    private readonly StripeCheck check;
    private readonly StripeStart start;
    private readonly StripeAsk ask;
    private readonly StripeClose close;
    private readonly StripeRefunds refunds;
    private readonly StripeEndpoints endpoints;
    private readonly StripePrices prices;

    public StripeProvider(StripeOptions options, HttpClient http, TimeProvider time)
    {
        var api = new StripeApi(options, http);
        var find = new StripeFind(api);
        check = new(api);
        start = new(api, options, time);
        ask = new(api, find);
        close = new(api, find, ask);
        refunds = new(api, find, ask);
        endpoints = new(api, options);
        prices = new(api);
    }

    public string Code => "stripe";

    public string Name => "Stripe";

    public IReadOnlyList<CredentialField> Credentials => StripeKeys.Fields;

    public Task<AccountCheck> CheckAsync(Account account, CancellationToken cancellation) => check.RunAsync(account, cancellation);

    public Task<ProviderAnswer> StartAsync(PaymentRequest payment, Account account, CancellationToken cancellation) =>
        start.RunAsync(payment, account, cancellation);

    public Task<ProviderAnswer> AskAsync(PaymentLookup payment, Account account, CancellationToken cancellation) =>
        ask.RunAsync(payment, account, cancellation);

    public Task<ProviderAnswer> CancelAsync(PaymentLookup payment, CancelReason reason, Account account, CancellationToken cancellation) =>
        close.CancelAsync(payment, reason, account, cancellation);

    public Task<ProviderAnswer> CaptureAsync(PaymentLookup payment, Money amount, Account account, CancellationToken cancellation) =>
        close.CaptureAsync(payment, amount, account, cancellation);

    public Task<ProviderAnswer> RefundAsync(RefundRequest refund, Account account, CancellationToken cancellation) =>
        refunds.RefundAsync(refund, account, cancellation);

    public Task<ProviderAnswer> AskRefundsAsync(PaymentLookup payment, Account account, CancellationToken cancellation) =>
        refunds.AskAsync(payment, account, cancellation);

    public Task<WebhookRegistration> RegisterAsync(Uri endpoint, Account account, CancellationToken cancellation) =>
        endpoints.RegisterAsync(endpoint, account, cancellation);

    public Task<PriceReading> ReadPriceAsync(string priceId, Account account, CancellationToken cancellation) => prices.ReadAsync(priceId, account, cancellation);

    public WebhookReading Read(WebhookDelivery delivery, Account account) =>
        StripeSignature.Doubt(delivery, account.AcceptedWebhookSecrets) is { } doubt
            ? new WebhookReading.Forged(doubt)
            : StripeEventReading.Of(delivery.Body.Span, account);
}
