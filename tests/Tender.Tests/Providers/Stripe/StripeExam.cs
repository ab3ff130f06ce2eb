using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;
using Tender.Providers.Stripe;
using Tender.Tests.Server;
using static Tender.Tests.Providers.Stripe.StripeSamples;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Stripe sits the exam, on its own keys' account.</summary>
public class StripeExam : ProviderExam
{
    public const string SigningSecret = "whsec_CANARYsigning";
    private const string SecretKey = "sk_test_CANARY0000000000";

    internal static readonly StripeOptions Options = new(new("https://api.stripe.example"), new("https://js.stripe.example/v3/"), "2026-07-29.dahlia");

    internal static readonly Account OwnKeys = new(
        "conn_1", Mode.Test, new Dictionary<string, string> { ["publishableKey"] = "pk_test_exam00000000" },
        new Dictionary<string, Secret> { ["secretKey"] = new(SecretKey) }, [new(SigningSecret)]);

    protected override Account Account => OwnKeys;

    protected override IReadOnlyList<string> Canaries => ["CANARY"];

    protected override ProviderSamples Samples => Sheet;

    internal override IPaymentProvider Pupil(HttpMessageHandler wire) => new StripeProvider(Options, new(wire), new TestClock());

    protected override WebhookDelivery Sign(string body, Secret secret, DateTimeOffset at) => Signed(body, secret.Reveal(), at);

    /// <summary>The sheet's section A3, written anew: the handler's own code is not asked.</summary>
    internal static WebhookDelivery Signed(string body, string secret, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var v1 = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));
        return new(Encoding.UTF8.GetBytes(body), new Dictionary<string, string> { ["stripe-signature"] = $"t={seconds},v1={v1}" }, at);
    }

    private static readonly ProviderSamples Sheet = new(
        PaymentId, Payment("requires_payment_method"), Session("open", "unpaid"), PaidPayment(),
        [List(Payment("requires_payment_method")), PaidPayment()], Payment("canceled", "\"cancellation_reason\":\"requested_by_customer\"", "\"canceled_at\":1772366500"),
        Refund("succeeded"), List(Refund("succeeded"), Refund("pending", "\"id\":\"re_other\"", "\"metadata\":{}")),
        Event("payment_intent.succeeded", Payment("succeeded", "\"amount_received\":{amount}")))
    {
        WireAmount = body => body.Split('&').Select(pair => pair.Split('=')).Single(pair => pair[0] == "amount")[1],
        Refusals = StripeTables.Refusals,
        Uncertain =
        [
            (HttpStatusCode.Conflict, Error("invalid_request_error", "idempotency_key_in_use", "There is currently another in-progress request using this key.")),
            (HttpStatusCode.Conflict, Error("invalid_request_error", null, "Conflict.")),
            (HttpStatusCode.BadRequest, Error("idempotency_error", null, "Keys can only be used with the same parameters they were first used with.")),
            (HttpStatusCode.RequestTimeout, Error("api_error", null, "Timed out.")),
            (HttpStatusCode.InternalServerError, Error("api_error", null, "An unknown error occurred.")),
            (HttpStatusCode.ServiceUnavailable, Error("api_error", null, "Down for sk_test_CANARY0000000000.")),
        ],
        PaymentWords = StripeTables.PaymentWords,
        RefundWords =
        [
            (Refund("pending"), ReportedRefundStatus.Pending),
            (Refund("requires_action"), ReportedRefundStatus.Pending),
            (Refund("succeeded"), ReportedRefundStatus.Succeeded),
            (Refund("failed", "\"failure_reason\":\"expired_or_canceled_card\""), ReportedRefundStatus.Failed),
            (Refund("canceled"), ReportedRefundStatus.Canceled),
            (Refund("a_word_of_tomorrow"), ReportedRefundStatus.Pending),
        ],
        Webhooks = StripeTables.Webhooks,
        Amounts =
        [
            ("usd", 4900, "4900"), ("eur", 1, "1"), ("jpy", 5000, "5000"), ("krw", 7, "7"), ("xof", 100, "100"), ("huf", 17500, "17500"), ("twd", 12345, "12345"),
            ("mga", 500, "5"), ("mga", 550, null), ("ugx", 5000, "500000"), ("isk", 7, "700"), ("kwd", 1230, "1230"), ("kwd", 1234, null), ("bhd", 10, "10"),
            ("btc", 100, null), ("clf", 10000, null), ("iqd", 1000, null),
        ],
    };
}

/// <summary>Stripe sits the exam once more: direct charges on a connected account.</summary>
public sealed class StripeConnectedExam : StripeExam
{
    protected override Account Account => OwnKeys with
    {
        Fields = new Dictionary<string, string>(OwnKeys.Fields) { ["connectedAccount"] = "acct_1Connected" },
    };

    // The same events, as they come for a connected account.
    protected override WebhookDelivery Sign(string body, Secret secret, DateTimeOffset at) => Signed(
        body.Replace("\"livemode\":false}", "\"livemode\":false,\"account\":\"acct_1Connected\"}", StringComparison.Ordinal), secret.Reveal(), at);
}
