using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tender.Simulators.Stripe.Events;

/// <summary>The <c>Stripe-Signature</c> header: one v1 for each live secret, and a v0 that proves nothing, as in test mode.</summary>
internal static class StripeSignature
{
    public static string Header(IEnumerable<string> secrets, long time, byte[] body)
    {
        var parts = new List<string> { $"t={time.ToString(CultureInfo.InvariantCulture)}" };
        parts.AddRange(secrets.Select(secret => $"v1={Sign(secret, time, body)}"));
        parts.Add($"v0={Sign("whsec_decoy", time, body)}");
        return string.Join(',', parts);
    }

    /// <summary>HMAC-SHA256 over "{time}.{body}" with the whole secret as key, prefix included.</summary>
    public static string Sign(string secret, long time, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{time.ToString(CultureInfo.InvariantCulture)}."), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}
