using System.Text.Json.Serialization;

namespace Tender.Providers.Stripe;

// Stripe's objects, as far as this folder reads them. Names are Stripe's; times are Unix seconds; amounts are Stripe's own minor units.

/// <summary>What was attached at the start and comes back with every object.</summary>
internal sealed record StripeMetadata(string? TenderAttempt, string? TenderRefund);

/// <summary>One payment. Its id begins with pi_.</summary>
internal sealed record StripePaymentIntent(
    string? Id, string? Status, [property: JsonConverter(typeof(StripeSum))] long Amount, [property: JsonConverter(typeof(StripeSum))] long? AmountReceived,
    string? Currency, string? ClientSecret, StripeLastError? LastPaymentError, string? CancellationReason,
    [property: JsonConverter(typeof(StripeSeconds))] long? CanceledAt, [property: JsonConverter(typeof(StripeSeconds))] long Created, StripeMetadata? Metadata,
    [property: JsonConverter(typeof(StripeChargeOrId))] StripeCharge? LatestCharge);

/// <summary>A visit to Stripe's own page. Its id begins with cs_.</summary>
internal sealed record StripeSession(
    string? Id, string? Status, string? PaymentStatus, [property: JsonConverter(typeof(StripeSum))] long? AmountTotal, string? Currency, string? Url,
    string? ClientReferenceId, [property: JsonConverter(typeof(StripeSeconds))] long Created, StripeMetadata? Metadata,
    [property: JsonConverter(typeof(StripePaymentIntentOrId))] StripePaymentIntent? PaymentIntent);

/// <summary>One try to take the money of a payment.</summary>
internal sealed record StripeCharge(
    string? Id, string? Status, [property: JsonConverter(typeof(StripeSum))] long Amount, [property: JsonConverter(typeof(StripeSum))] long? AmountCaptured,
    long? AmountRefunded, bool? Captured, bool? Disputed, string? Currency, string? FailureCode, string? FailureMessage,
    [property: JsonConverter(typeof(StripeSeconds))] long Created, StripeMetadata? Metadata, StripeList<StripeRefund>? Refunds, StripeOutcome? Outcome,
    [property: JsonConverter(typeof(StripeBalanceTransactionOrId))] StripeBalanceTransaction? BalanceTransaction,
    [property: JsonConverter(typeof(StripePaymentIntentOrId))] StripePaymentIntent? PaymentIntent);

/// <summary>What the card network said of a charge.</summary>
internal sealed record StripeOutcome(string? Reason);

/// <summary>What a charge did to the account's balance. Fee is in Currency, which may not be the payment's.</summary>
internal sealed record StripeBalanceTransaction(string? Id, long? Fee, string? Currency);

/// <summary>Money going back.</summary>
internal sealed record StripeRefund(
    string? Id, string? Status, [property: JsonConverter(typeof(StripeSum))] long Amount, string? Currency, string? FailureReason,
    [property: JsonConverter(typeof(StripeSeconds))] long Created, StripeMetadata? Metadata,
    [property: JsonConverter(typeof(StripePaymentIntentOrId))] StripePaymentIntent? PaymentIntent);

/// <summary>The payer's bank asks the money back.</summary>
internal sealed record StripeDispute(
    string? Id, string? Status, [property: JsonConverter(typeof(StripeSum))] long Amount, string? Currency, string? Reason,
    [property: JsonConverter(typeof(StripeSeconds))] long Created,
    [property: JsonConverter(typeof(StripePaymentIntentOrId))] StripePaymentIntent? PaymentIntent);

/// <summary>Whose credentials these are.</summary>
internal sealed record StripeAccount(
    string? Id, string? Country, string? DefaultCurrency, string? Email, bool? ChargesEnabled, StripeBusinessProfile? BusinessProfile,
    StripeAccountSettings? Settings);

internal sealed record StripeBusinessProfile(string? Name);

internal sealed record StripeAccountSettings(StripeDashboard? Dashboard);

internal sealed record StripeDashboard(string? DisplayName);

/// <summary>What a country's accounts may charge in.</summary>
internal sealed record StripeCountrySpec(string? Id, IReadOnlyList<string>? SupportedPaymentCurrencies);

/// <summary>What something costs. Its id begins with price_. The sum is missing where it is tiered, finer than a minor unit, or the payer's to choose.</summary>
internal sealed record StripePrice(string? Id, bool? Active, string? Type, string? BillingScheme, string? Currency, long? UnitAmount);

/// <summary>An address that Stripe calls. The secret is told only in the answer to its creation.</summary>
internal sealed record StripeWebhookEndpoint(string? Id, string? Secret, string? Status, string? Url);

/// <summary>One page of a list, newest first.</summary>
internal sealed record StripeList<T>(IReadOnlyList<T>? Data, bool HasMore);

/// <summary>Why the last try failed.</summary>
internal sealed record StripeLastError(string? Type, string? Code, string? DeclineCode, string? Message);

/// <summary>Stripe's no.</summary>
internal sealed record StripeErrorAnswer(StripeError? Error);

internal sealed record StripeError(string? Type, string? Code, string? DeclineCode, string? Message, string? Param);
