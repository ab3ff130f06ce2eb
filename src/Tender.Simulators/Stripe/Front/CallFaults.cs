using System.Text;
using System.Text.Json.Nodes;
using Tender.Simulators.Faults;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Front;

/// <summary>What a fault does to a call: before the work, in its place, or to its answer.</summary>
internal static class CallFaults
{
    // Longer than any client waits; Stripe's own SDKs give up after 80 s.
    private const int TimeoutMs = 100_000;

    /// <summary>Strikes before anything is done. True when there will be no answer.</summary>
    public static async Task<bool> StrikeBeforeAsync(Fault fault, HttpContext http)
    {
        if (fault.Kind is StripeFaultKind.TimeoutBefore) await StaySilentAsync(fault, http);
        if (fault.Kind is StripeFaultKind.TimeoutBefore or StripeFaultKind.DropBefore)
        {
            http.Abort();
            return true;
        }

        if (fault.Kind is StripeFaultKind.TooMany)
        {
            var reason = fault.Code ?? "rate_limit";
            if (reason is "rate_limit") http.Response.Headers["Stripe-Rate-Limited-Reason"] = "global-rate";
            throw new StripeProblem(fault.Status ?? 429, "invalid_request_error", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.") { Code = reason };
        }

        return false;
    }

    /// <summary>Waits while the idempotency key is taken, as a slow machine would; a caller that hangs up does not stop it.</summary>
    public static Task DelayAsync(Fault? fault) =>
        fault is { Kind: StripeFaultKind.Slow } ? Task.Delay(fault.Delay(2000)) : Task.CompletedTask;

    /// <summary>The server error that stands in place of the true answer, if this fault says so.</summary>
    public static StripeAnswer? Invented(Fault? fault, string kind, string requestId) => fault?.Kind == kind
        ? new StripeProblem(fault.Status ?? 500, "api_error", "An unknown error occurred") { Code = fault.Code }.ToAnswer(requestId)
        : null;

    /// <summary>Strikes when all is done. True when there will be no answer.</summary>
    public static async Task<bool> StrikeAfterAsync(Fault fault, HttpContext http)
    {
        switch (fault.Kind)
        {
            case StripeFaultKind.SlowAnswer:
                await Task.Delay(fault.Delay(2000), http.RequestAborted);
                return false;
            case StripeFaultKind.TimeoutAfter:
                await StaySilentAsync(fault, http);
                http.Abort();
                return true;
            case StripeFaultKind.DropAnswerAfter:
                http.Abort();
                return true;
            default:
                return false;
        }
    }

    public static StripeAnswer Twisted(Fault? fault, StripeAnswer answer) => fault?.Kind switch
    {
        StripeFaultKind.GarbageAfter => answer with { Body = Encoding.UTF8.GetBytes("<html><body>Bad Gateway</body></html>") },
        StripeFaultKind.WrongAmount => answer with { Body = WithOtherAmount(answer.Body, fault.By ?? -1) },
        StripeFaultKind.WrongCurrency => answer with { Body = WithOtherCurrency(answer.Body, fault.Code ?? "jpy") },
        _ => answer,
    };

    private static byte[] WithOtherAmount(byte[] body, long by)
    {
        if (JsonNode.Parse(body) is not JsonObject whole) return body;
        foreach (var name in new[] { "amount", "amount_received", "amount_capturable", "amount_total", "amount_subtotal" })
        {
            if (whole[name]?.GetValue<long>() is { } amount and not 0) whole[name] = amount + by;
        }

        return StripeJson.Bytes(whole);
    }

    private static byte[] WithOtherCurrency(byte[] body, string currency)
    {
        if (JsonNode.Parse(body) is not JsonObject whole) return body;
        if (whole.ContainsKey("currency")) whole["currency"] = currency;
        return StripeJson.Bytes(whole);
    }

    private static async Task StaySilentAsync(Fault fault, HttpContext http) =>
        await Task.Delay(fault.Delay(TimeoutMs), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
