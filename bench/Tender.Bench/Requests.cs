using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.Bench;

/// <summary>The bytes of the requests that both sides get: the same body, headers and sizes.</summary>
internal sealed class Requests
{
    /// <summary>Among webhooks, each of these is the one before it again.</summary>
    public const int RepeatEvery = 10;

    private const string Hole = "000000000000";
    private static long numbers;

    /// <summary>Checkout sessions under a new Idempotency-Key each.</summary>
    public static Func<NextRequest> Sessions(string path, string apiKey, string productId)
    {
        var body = $$$"""{"productId":"{{{productId}}}","quantity":2,"customerEmail":"bea@example.com","customerName":"Bea Benchmark","metadata":{"order":"A-1042"}}""";
        var request = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {apiKey}\r\nIdempotency-Key: bench-{Hole}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        return () => Numbered(request);
    }

    /// <summary>The call to the provider that a session ends in, made directly.</summary>
    public static Func<NextRequest> Direct(Secret key)
    {
        const string body = "amount=9800&currency=usd&automatic_payment_methods%5Benabled%5D=true&description=2+x+Festival+ticket&metadata%5Btender_attempt%5D=att_direct_" + Hole;
        var request = $"POST /v1/payment_intents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.Reveal()}\r\nStripe-Version: 2026-07-29.dahlia\r\n" +
            $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        return () => Numbered(request);
    }

    /// <summary>A caller's question that changes nothing.</summary>
    public static byte[] Products(string apiKey) =>
        Encoding.ASCII.GetBytes($"GET /api/v1/products HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {apiKey}\r\n\r\n");

    /// <summary>One signed webhook.</summary>
    public static byte[] Webhook(string path, Secret secret, TimeProvider time, string body)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds();
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), Encoding.UTF8.GetBytes($"{at}.{body}"));
        return Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nStripe-Signature: t={at},v1={Convert.ToHexStringLower(hash)}\r\n\r\n{body}");
    }

    /// <summary>Signed webhooks about nothing of ours.</summary>
    /// <param name="repeats">Every tenth is a repeat of the one before it.</param>
    public static Func<NextRequest> Webhooks(string path, Secret secret, TimeProvider time, bool repeats = true) => () =>
    {
        var body = Encoding.ASCII.GetBytes(WebhookBody());
        var head = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {body.Length}\r\nStripe-Signature: t={Hole[..10]},v1={new string('0', 64)}\r\n\r\n");
        var request = (byte[])[.. head, .. body];
        var signed = (byte[])[.. Encoding.ASCII.GetBytes(Hole[..10] + "."), .. body];
        var (eventAt, timeAt, signatureAt) = (body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Hole)), head.AsSpan().IndexOf("t=00"u8) + 2, head.AsSpan().IndexOf("v1="u8) + 3);
        var key = Encoding.UTF8.GetBytes(secret.Reveal());
        var sent = 0;
        return () =>
        {
            if (!repeats || ++sent % RepeatEvery is not 0) Write(NextNumber(), request.AsSpan(head.Length + eventAt, Hole.Length));
            Write(time.GetUtcNow().ToUnixTimeSeconds(), request.AsSpan(timeAt, 10));
            request.AsSpan(timeAt, 10).CopyTo(signed);
            request.AsSpan(head.Length).CopyTo(signed.AsSpan(11));
            Span<byte> hash = stackalloc byte[32];
            HMACSHA256.HashData(key, signed, hash);
            Convert.TryToHexStringLower(hash, request.AsSpan(signatureAt, 64), out _);
            return request;
        };
    };

    private static NextRequest Numbered(string request)
    {
        var bytes = Encoding.ASCII.GetBytes(request);
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Hole));
        return () =>
        {
            Write(NextNumber(), bytes.AsSpan(at, Hole.Length));
            return bytes;
        };
    }

    private static long NextNumber() => Interlocked.Increment(ref numbers);

    private static void Write(long number, Span<byte> digits) => number.TryFormat(digits, out _, $"D{digits.Length}", CultureInfo.InvariantCulture);

    // As long as Stripe's own; about a payment that nobody here knows, as most of an account's events are.
    private static string WebhookBody() => $$$"""
        {"id":"evt_bench{{{Hole}}}","object":"event","account":null,"api_version":"2026-07-29.dahlia","created":1767225600,"livemode":false,"pending_webhooks":1,
        "request":{"id":"req_bench","idempotency_key":"tender-bench"},"type":"payment_intent.created","data":{"object":{{{ProviderStandIn.Intent("pi_elsewhere", "9800", "usd", "att_elsewhere")}}}}}
        """;
}
