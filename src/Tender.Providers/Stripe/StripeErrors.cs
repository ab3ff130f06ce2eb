using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Tender.Domain;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Stripe's errors as our outcomes. The same table, with its reasons, is in docs/providers/stripe.md.</summary>
internal static class StripeErrors
{
    // Limits and states of this account or of Stripe, not faults of the payment: another connection may well say yes.
    private static readonly FrozenSet<string> OthersMayAccept = FrozenSet.Create(
        "account_closed", "account_country_invalid_address", "account_invalid", "account_number_invalid", "amount_too_large", "amount_too_small",
        "api_key_expired", "application_fees_not_allowed", "charge_exceeds_source_limit", "charge_exceeds_transaction_limit",
        "charge_exceeds_weekly_limit", "country_unsupported", "livemode_mismatch", "lock_timeout", "not_allowed_on_standard_account",
        "payment_method_not_available", "payment_method_unactivated", "payment_method_unsupported_type", "platform_account_required",
        "platform_api_key_expired", "rate_limit", "secret_key_required", "testmode_charges_only");

    // The issuer asks for a lost or stolen card to be treated like any other decline, so that a thief learns nothing.
    private static readonly FrozenSet<string> PlainDeclines = FrozenSet.Create(
        "fraudulent", "lost_card", "merchant_blacklist", "pickup_card", "restricted_card", "stolen_card");

    private const int ReasonCharactersMax = 300;

    /// <summary>What an answer that is not a success means. Only a refusal in Stripe's own shape proves that nothing was done.</summary>
    public static (ProviderAnswer Outcome, StripeError? Error) Of(HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        var error = Read(body);
        var code = (int)status;
        if (code is < 400 or >= 500 || error is null) return (new ProviderAnswer.Unknown($"Stripe answered {code}."), error);

        // Conflict and a reused key speak of an earlier request with this key: that one may have been carried out.
        if (code is 408 or 409 || error.Type == "idempotency_error" || error.Code == "idempotency_key_in_use")
        {
            return (new ProviderAnswer.Unknown("Stripe is still busy with, or already has, an earlier request for the same."), error);
        }

        return (new ProviderAnswer.Refused(Reason(code, error), MayGoElsewhere(code, error)), error);
    }

    /// <summary>A declined try, in words for the payer.</summary>
    public static string Decline(string? code, string? declineCode, string? message) =>
        declineCode is { } why && PlainDeclines.Contains(why) || code is { } plain && PlainDeclines.Contains(plain) || string.IsNullOrWhiteSpace(message)
            ? "Your card was declined."
            : message.AtMost(ReasonCharactersMax);

    private static bool MayGoElsewhere(int status, StripeError error) =>
        status is 401 or 403 or 429 ||
        status is 404 && error.Code != "resource_missing" ||
        error.Code is { } code && OthersMayAccept.Contains(code) ||
        error.Type == "rate_limit_error" ||
        error.Param is { } param && (param == "currency" || param.EndsWith("[currency]", StringComparison.Ordinal));

    // Stripe prints a wrong key with its middle struck out; even that is not repeated.
    private static string Reason(int status, StripeError error) => status switch
    {
        401 => "Stripe does not accept the secret key.",
        429 => "Stripe asks for fewer requests at the moment.",
        _ when error.Type == "card_error" => Decline(error.Code, error.DeclineCode, error.Message),
        _ => error.Message is { Length: > 0 } message ? StripeEvidence.StrikeOut(message).AtMost(ReasonCharactersMax) : error.Code ?? $"Stripe answered {status}.",
    };

    private static StripeError? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, StripeJson.Default.StripeErrorAnswer)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
