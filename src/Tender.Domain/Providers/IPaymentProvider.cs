using Tender.Domain.Amounts;

namespace Tender.Domain.Providers;

/// <summary>
/// A payment service as Tender knows it. A handler translates: our requests to the provider's wire, its answers to our outcomes.
/// It holds no state, opens no database, and never retries by itself. It throws <see cref="HttpRequestException"/> and
/// <see cref="TimeoutException"/> through: the caller (ProviderGateway) turns broken wires into NotReached or Unknown.
/// What else it can do it says by implementing <see cref="IRefundPayments"/>, <see cref="ICancelPayments"/>, <see cref="ICapturePayments"/>.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Stable lower-case code: stripe, paystack.</summary>
    string Code { get; }

    /// <summary>As people know it: Stripe.</summary>
    string Name { get; }

    /// <summary>The fields a tenant fills in to connect an account.</summary>
    IReadOnlyList<CredentialField> Credentials { get; }

    /// <summary>Asks the provider whether the credentials work, and whose they are.</summary>
    Task<AccountCheck> CheckAsync(Account account, CancellationToken cancellation);

    /// <summary>
    /// Starts a payment. <see cref="PaymentRequest.Reference"/> makes it safe to repeat: the same reference never charges twice.
    /// </summary>
    Task<ProviderAnswer> StartAsync(PaymentRequest payment, Account account, CancellationToken cancellation);

    /// <summary>
    /// Asks how a payment stands, by the provider's id or, where that is not known (an uncertain start), by our reference.
    /// Answers Reported; a payment the provider certainly does not have is Refused("not found", true).
    /// </summary>
    Task<ProviderAnswer> AskAsync(PaymentLookup payment, Account account, CancellationToken cancellation);

    /// <summary>Verifies a webhook over its raw bytes and translates it.</summary>
    WebhookReading Read(WebhookDelivery delivery, Account account);
}

/// <summary>Money can be sent back.</summary>
public interface IRefundPayments
{
    /// <summary>Sends money back; the same <see cref="RefundRequest.Reference"/> never pays twice.</summary>
    Task<ProviderAnswer> RefundAsync(RefundRequest refund, Account account, CancellationToken cancellation);

    /// <summary>Asks for the refunds of one payment; answers Reported with a RefundReport for each that the provider has.</summary>
    Task<ProviderAnswer> AskRefundsAsync(PaymentLookup payment, Account account, CancellationToken cancellation);
}

/// <summary>An open payment can be closed so that nobody can pay it any more.</summary>
public interface ICancelPayments
{
    /// <summary>
    /// Closes it at the provider; answers Reported with what it then is (it may have been paid meanwhile).
    /// The reason is passed on (Stripe: abandoned or requested_by_customer), so that the provider's own events later say the same:
    /// time up reads back as Expired, a wish as Canceled.
    /// </summary>
    Task<ProviderAnswer> CancelAsync(PaymentLookup payment, CancelReason reason, Account account, CancellationToken cancellation);
}

/// <summary>Why an open payment is closed.</summary>
public enum CancelReason
{
    /// <summary>Somebody asked for it.</summary>
    Requested,

    /// <summary>Its time is up.</summary>
    TimeUp,
}

/// <summary>Held money can be taken later, in part or whole.</summary>
public interface ICapturePayments
{
    Task<ProviderAnswer> CaptureAsync(PaymentLookup payment, Money amount, Account account, CancellationToken cancellation);
}

/// <summary>The provider keeps prices of its own, and a payment can be made for one by its id: its reports then say what was sold.</summary>
public interface IReadPrices
{
    /// <summary>Reads what a price costs: one sum, paid once. It moves no money and may be repeated.</summary>
    Task<PriceReading> ReadPriceAsync(string priceId, Account account, CancellationToken cancellation);
}

/// <summary>What the provider said of one of its prices.</summary>
public abstract record PriceReading
{
    private PriceReading()
    {
    }

    /// <summary>It is on sale.</summary>
    public sealed record Found(Money Amount) : PriceReading;

    /// <summary>This account has no such price, or none that can be sold once for a fixed sum.</summary>
    public sealed record Refused(string Reason) : PriceReading;

    /// <summary>The provider could not be asked.</summary>
    public sealed record NotReached(string Why) : PriceReading;
}

/// <summary>One field of a provider's credentials.</summary>
/// <param name="Name">camelCase name in the credentials document.</param>
/// <param name="Secret">Sealed in the browser and never shown again.</param>
/// <param name="Pattern">What it must look like (anchored regular expression).</param>
public sealed record CredentialField(string Name, string Label, bool Secret, bool Required, string Pattern, string Hint);

/// <summary>How the payer can be asked.</summary>
public enum Presentation
{
    /// <summary>The provider's form inside the merchant's page.</summary>
    Embedded,

    /// <summary>The provider's own page.</summary>
    Hosted,
}

/// <summary>What a handler needs to start a payment.</summary>
/// <param name="Reference">Our attempt's id: the provider's idempotency key derives from it and its answers echo it.</param>
/// <param name="Metadata">Carried along and echoed: tenant, payment, session.</param>
/// <param name="CaptureLater">True to hold the money and capture in a second call.</param>
/// <param name="PriceId">The account's own price of exactly this sum, where the provider keeps prices (<see cref="IReadPrices"/>) and its page can show them.</param>
public sealed record PaymentRequest(
    string Reference, Money Amount, string Description, Presentation Presentation, string? PayerEmail, Uri? ReturnTo, Uri? CancelTo,
    DateTimeOffset ExpiresAt, bool CaptureLater, IReadOnlyDictionary<string, string> Metadata, string? PriceId = null);

/// <summary>Which payment is asked about.</summary>
/// <param name="Reference">Our attempt's id.</param>
/// <param name="ProviderPaymentId">The provider's id; null after an uncertain start.</param>
/// <param name="StartedAt">When the attempt was sent: where a search in the provider's lists begins.</param>
public sealed record PaymentLookup(string Reference, string? ProviderPaymentId, Presentation Presentation, DateTimeOffset StartedAt);

/// <summary>What a handler needs to send money back.</summary>
public sealed record RefundRequest(string Reference, string ProviderPaymentId, Money Amount, string? Reason);
