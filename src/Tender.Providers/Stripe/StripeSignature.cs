using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>
/// Stripe-Signature: t=seconds,v1=hex,v1=hex. Each v1 is HMAC-SHA256, under one of the endpoint's secrets, of the time, a dot and the raw body.
/// Other schemes in the header (v0) prove nothing.
/// </summary>
internal static class StripeSignature
{
    /// <summary>Stripe's events are far smaller.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    private const string HeaderName = "Stripe-Signature";
    private const int HeaderCharactersMax = 2048;
    private const int SignaturesMax = 16;
    private const int SignatureCharacters = 64;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    /// <summary>Null when the delivery is proven; else why it is not.</summary>
    public static string? Doubt(WebhookDelivery delivery, IReadOnlyList<Secret> secrets)
    {
        if (secrets.Count == 0) return "the connection has no signing secret";
        if (delivery.Body.Length is 0 or > BodyBytesMax) return "the body is empty or too large";
        if (HeaderOf(delivery) is not { Length: > 0 and <= HeaderCharactersMax } header) return "the signature is missing";
        if (!TryParse(header, out var timestamp, out var seconds, out var signatures)) return "the signature cannot be read";
        if (!IsSigned(delivery.Body.Span, timestamp, signatures, secrets)) return "the signature is wrong";
        if (Math.Abs(delivery.ReceivedAt.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds) return "the signature is too old, or from the future";
        return Utf8.IsValid(delivery.Body.Span) ? null : "the body is not text";
    }

    private static string? HeaderOf(WebhookDelivery delivery)
    {
        if (delivery.Headers.TryGetValue(HeaderName, out var exact)) return exact;

        foreach (var (name, value) in delivery.Headers)
        {
            if (name.Equals(HeaderName, StringComparison.OrdinalIgnoreCase)) return value;
        }

        return null;
    }

    private static bool TryParse(string header, out string timestamp, out long seconds, out List<byte[]> signatures)
    {
        (timestamp, seconds, signatures) = ("", 0, []);
        foreach (var range in header.AsSpan().Split(','))
        {
            var part = header.AsSpan(range).Trim();
            if (part.StartsWith("t="))
            {
                if (timestamp.Length > 0) return false;
                timestamp = part[2..].ToString();
            }
            else if (part.StartsWith("v1=") && part.Length == SignatureCharacters + 3 && signatures.Count < SignaturesMax)
            {
                signatures.Add(Encoding.UTF8.GetBytes(part[3..].ToString()));
            }
        }

        return timestamp.Length is > 0 and <= 12 && signatures.Count > 0 &&
               long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
    }

    // Every secret is tried against every signature, without stopping at the first that fits: time tells nothing.
    private static bool IsSigned(ReadOnlySpan<byte> body, string timestamp, List<byte[]> signatures, IReadOnlyList<Secret> secrets)
    {
        var length = timestamp.Length + 1 + body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var message = rented.AsSpan(0, length);
        Encoding.ASCII.GetBytes(timestamp, message);
        message[timestamp.Length] = (byte)'.';
        body.CopyTo(message[(timestamp.Length + 1)..]);

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[SignatureCharacters];
        var fits = false;
        foreach (var secret in secrets)
        {
            if (secret.Reveal().Length == 0) continue;

            // The key is the whole secret, with its whsec_ in front, as text.
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), message, hash);
            Convert.TryToHexStringLower(hash, hex, out _);
            foreach (var signature in signatures) fits |= CryptographicOperations.FixedTimeEquals(hex, signature);
        }

        ArrayPool<byte>.Shared.Return(rented);
        return fits;
    }
}
