using System.Text.Json;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Stripe's own library for Node (tests/node), asked to sign.</summary>
internal static class StripeLibrary
{
    public static Task<string> SignAsync(string payload, string secret, long timestamp) =>
        NodeProgram.AskAsync("tests/node", "stripe", "sign-stripe.mjs", JsonSerializer.Serialize(new { payload, secret, timestamp }));
}
