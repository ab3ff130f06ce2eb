using System.Text.Json;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Stripe's own library for Node (tests/node), asked to sign.</summary>
internal static class StripeLibrary
{
    public static async Task<string> SignAsync(string payload, string secret, long timestamp) => (await SignAsync([new(payload, secret, timestamp)]))[0];

    /// <summary>The header of each, by one run of Node.</summary>
    public static async Task<IReadOnlyList<string>> SignAsync(IReadOnlyList<Unsigned> webhooks) =>
        (await NodeProgram.AskAsync("tests/node", "stripe", "sign-stripe.mjs", JsonSerializer.Serialize(webhooks, JsonSerializerOptions.Web)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal sealed record Unsigned(string Payload, string Secret, long Timestamp);
}
