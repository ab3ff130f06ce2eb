using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tender.Providers.Stripe;

/// <summary>The envelope of a webhook. What it is about stays raw until the type says how to read it.</summary>
/// <param name="Account">The connected account it happened on; absent for the key's own account.</param>
internal sealed record StripeEvent(
    string? Id, string? Type, [property: JsonConverter(typeof(StripeSeconds))] long Created, bool? Livemode, string? Account, StripeEventObject? Data)
{
    /// <summary>What Tender asks Stripe to be called for.</summary>
    public static readonly IReadOnlyList<string> Subscribed =
    [
        "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "checkout.session.expired",
        "payment_intent.created", "payment_intent.requires_action", "payment_intent.processing", "payment_intent.amount_capturable_updated",
        "payment_intent.partially_funded", "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
        "charge.succeeded", "charge.failed", "charge.pending", "charge.captured", "charge.expired", "charge.updated", "charge.refunded",
        "charge.refund.updated", "refund.created", "refund.updated", "refund.failed",
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
        "account.updated", "account.application.deauthorized", "capability.updated",
    ];
}

/// <param name="Object">Where the object stands in the body.</param>
internal sealed record StripeEventObject(StripeSlice Object);

/// <summary>The place of a value in the bytes it is read from, so that it can be read once its shape is known, without a copy.</summary>
[JsonConverter(typeof(StripeSliceReader)), StructLayout(LayoutKind.Auto)]
internal readonly record struct StripeSlice(int Start, int End);

internal sealed class StripeSliceReader : JsonConverter<StripeSlice>
{
    public override StripeSlice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new(start, (int)reader.BytesConsumed);
    }

    public override void Write(Utf8JsonWriter writer, StripeSlice value, JsonSerializerOptions options) => throw new NotSupportedException("events are only read");
}
