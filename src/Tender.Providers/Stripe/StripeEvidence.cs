using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tender.Providers.Stripe;

/// <summary>Raw answers and events as they may be kept: everything that could be used to pay, to ask or to sign is struck out.</summary>
internal static partial class StripeEvidence
{
    private const string Struck = "(struck out)";

    /// <summary>The text of a JSON body without its secrets; every other byte stays as it came.</summary>
    public static string Of(ReadOnlySpan<byte> json)
    {
        var kept = new ArrayBufferWriter<byte>(json.Length + 64);
        var copied = 0;
        var reader = new Utf8JsonReader(json);
        var nameIsSecret = false;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName)
            {
                nameIsSecret = IsSecretName(reader.ValueSpan);
                continue;
            }

            if (reader.TokenType is JsonTokenType.String && (nameIsSecret || HoldsSecret(reader.ValueSpan)))
            {
                // The token's place counts from its opening quote.
                var start = (int)reader.TokenStartIndex;
                kept.Write(json[copied..start]);
                kept.Write("\"(struck out)\""u8);
                copied = (int)reader.BytesConsumed;
            }

            nameIsSecret = false;
        }

        kept.Write(json[copied..]);
        return Encoding.UTF8.GetString(kept.WrittenSpan);
    }

    /// <summary>A sentence of Stripe's without anything that looks like one of its secrets.</summary>
    public static string StrikeOut(string text) => SecretText().Replace(text, Struck);

    private static bool IsSecretName(ReadOnlySpan<byte> name) => name.EndsWith("secret"u8);

    private static bool HoldsSecret(ReadOnlySpan<byte> value) =>
        value.IndexOf("_secret_"u8) >= 0 || value.IndexOf("sk_test_"u8) >= 0 || value.IndexOf("sk_live_"u8) >= 0 ||
        value.IndexOf("rk_test_"u8) >= 0 || value.IndexOf("rk_live_"u8) >= 0 || value.IndexOf("whsec_"u8) >= 0;

    [GeneratedRegex(@"(sk|rk)_(test|live)_\S+|whsec_\S+|\S*_secret_\S+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SecretText();
}
