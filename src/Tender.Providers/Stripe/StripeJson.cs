using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tender.Providers.Stripe;

/// <summary>Readers for Stripe's objects, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StripePaymentIntent))]
[JsonSerializable(typeof(StripeSession))]
[JsonSerializable(typeof(StripeCharge))]
[JsonSerializable(typeof(StripeRefund))]
[JsonSerializable(typeof(StripeDispute))]
[JsonSerializable(typeof(StripeAccount))]
[JsonSerializable(typeof(StripeCountrySpec))]
[JsonSerializable(typeof(StripeWebhookEndpoint))]
[JsonSerializable(typeof(StripePrice))]
[JsonSerializable(typeof(StripeErrorAnswer))]
[JsonSerializable(typeof(StripeEvent))]
[JsonSerializable(typeof(StripeList<StripePaymentIntent>))]
[JsonSerializable(typeof(StripeList<StripeSession>))]
[JsonSerializable(typeof(StripeList<StripeRefund>))]
[JsonSerializable(typeof(StripeList<StripeDispute>))]
internal sealed partial class StripeJson : JsonSerializerContext;

/// <summary>A field that holds an id, or the whole object where the request asked to expand it.</summary>
internal abstract class StripeObjectOrId<T> : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => OfId(reader.GetString()!),
        JsonTokenType.StartObject => JsonSerializer.Deserialize(ref reader, Whole),
        _ => throw new JsonException("neither an id nor an object"),
    };

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException("objects are only read");

    protected abstract JsonTypeInfo<T> Whole { get; }

    protected abstract T OfId(string id);
}

internal sealed class StripePaymentIntentOrId : StripeObjectOrId<StripePaymentIntent>
{
    protected override JsonTypeInfo<StripePaymentIntent> Whole => StripeJson.Default.StripePaymentIntent;

    protected override StripePaymentIntent OfId(string id) => new(id, null, 0, null, null, null, null, null, null, 0, null, null);
}

internal sealed class StripeChargeOrId : StripeObjectOrId<StripeCharge>
{
    protected override JsonTypeInfo<StripeCharge> Whole => StripeJson.Default.StripeCharge;

    protected override StripeCharge OfId(string id) => new(id, null, 0, null, null, null, null, null, null, null, 0, null, null, null, null, null);
}

internal sealed class StripeBalanceTransactionOrId : StripeObjectOrId<StripeBalanceTransaction>
{
    protected override JsonTypeInfo<StripeBalanceTransaction> Whole => StripeJson.Default.StripeBalanceTransaction;

    protected override StripeBalanceTransaction OfId(string id) => new(id, null, null);
}

/// <summary>A time in Unix seconds. One that no calendar has is a shape that cannot be read.</summary>
internal sealed class StripeSeconds : StripeNumber
{
    protected override bool Holds(long number) => number >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
}

/// <summary>A sum that came, or goes back: never less than nothing.</summary>
internal sealed class StripeSum : StripeNumber
{
    protected override bool Holds(long number) => number >= 0;
}

/// <summary>A whole number within its bounds; beyond them it is refused as text in its place would be.</summary>
internal abstract class StripeNumber : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetInt64() is var number && Holds(number) ? number : throw new JsonException($"{number} is none of Stripe's");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => throw new NotSupportedException("objects are only read");

    protected abstract bool Holds(long number);
}
