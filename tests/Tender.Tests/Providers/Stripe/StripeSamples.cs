namespace Tender.Tests.Providers.Stripe;

/// <summary>Stripe's bodies in the shape of API version 2026-07-29.dahlia, as the wire sheet gives them. {amount} and {currency} are filled in.</summary>
internal static class StripeSamples
{
    public const string PaymentId = "pi_3Exam";
    public const string SessionId = "cs_test_a1Exam";
    public const string ClientSecret = "pi_3Exam_secret_CANARYclient";

    /// <param name="status">Stripe's word.</param>
    /// <param name="more">Fields that replace or add to the usual ones, each as "name":value.</param>
    public static string Payment(string status, params string[] more) => Object(
        ["\"id\":\"pi_3Exam\"", "\"object\":\"payment_intent\"", "\"amount\":{amount}", "\"amount_capturable\":0", "\"amount_received\":0",
         "\"currency\":\"{currency}\"", $"\"status\":\"{status}\"", $"\"client_secret\":\"{ClientSecret}\"", "\"capture_method\":\"automatic_async\"",
         "\"confirmation_method\":\"automatic\"", "\"automatic_payment_methods\":{\"enabled\":true,\"allow_redirects\":\"always\"}",
         "\"payment_method\":null", "\"payment_method_types\":[\"card\"]", "\"latest_charge\":null", "\"last_payment_error\":null",
         "\"next_action\":null", "\"cancellation_reason\":null", "\"canceled_at\":null", "\"customer\":null", "\"description\":\"Two tickets\"",
         "\"receipt_email\":null", "\"metadata\":{\"tender_attempt\":\"att_exam_1\",\"tender_payment\":\"pay_k3f9x2_1\"}", "\"created\":1772366400",
         "\"livemode\":false"], more);

    /// <summary>As read with latest_charge.balance_transaction expanded.</summary>
    public static string PaidPayment(params string[] more) => Payment("succeeded",
        ["\"amount_received\":{amount}", $"\"latest_charge\":{Charge("succeeded")}", .. more]);

    public static string Session(string status, string paymentStatus, string payment = "null", params string[] more) => Object(
        ["\"id\":\"cs_test_a1Exam\"", "\"object\":\"checkout.session\"", "\"amount_subtotal\":{amount}", "\"amount_total\":{amount}",
         "\"currency\":\"{currency}\"", "\"livemode\":false", "\"mode\":\"payment\"", $"\"status\":\"{status}\"",
         $"\"payment_status\":\"{paymentStatus}\"", $"\"payment_intent\":{payment}", "\"client_reference_id\":\"att_exam_1\"", "\"customer\":null",
         "\"customer_details\":null", "\"metadata\":{\"tender_attempt\":\"att_exam_1\"}", "\"payment_method_types\":[\"card\"]",
         "\"created\":1772366400", "\"expires_at\":1772373600", "\"success_url\":\"https://shop.example/ok\"",
         "\"cancel_url\":\"https://shop.example/no\"", "\"url\":\"https://checkout.stripe.com/c/pay/cs_test_a1Exam\"", "\"ui_mode\":\"hosted_page\""], more);

    public static string Charge(string status, params string[] more) => Object(
        ["\"id\":\"ch_3Exam\"", "\"object\":\"charge\"", "\"amount\":{amount}", "\"amount_captured\":{amount}", "\"amount_refunded\":0",
         "\"balance_transaction\":{\"id\":\"txn_1\",\"object\":\"balance_transaction\",\"fee\":172,\"currency\":\"eur\",\"net\":4728}", "\"captured\":true",
         "\"created\":1772366460", "\"currency\":\"{currency}\"", "\"disputed\":false", "\"failure_code\":null", "\"failure_message\":null",
         "\"livemode\":false", "\"metadata\":{\"tender_attempt\":\"att_exam_1\"}", "\"outcome\":{\"type\":\"authorized\",\"reason\":null}",
         "\"paid\":true", "\"payment_intent\":\"pi_3Exam\"", "\"refunded\":false", $"\"status\":\"{status}\""], more);

    public static string Refund(string status, params string[] more) => Object(
        ["\"id\":\"re_3Exam\"", "\"object\":\"refund\"", "\"amount\":500", "\"currency\":\"eur\"", "\"charge\":\"ch_3Exam\"",
         "\"payment_intent\":\"pi_3Exam\"", $"\"status\":\"{status}\"", "\"reason\":null", "\"failure_reason\":null",
         "\"balance_transaction\":\"txn_2\"", "\"metadata\":{\"tender_refund\":\"ref_exam_1\"}", "\"created\":1772366700"], more);

    public static string Dispute(string status, params string[] more) => Object(
        ["\"id\":\"dp_1Exam\"", "\"object\":\"dispute\"", "\"amount\":4900", "\"currency\":\"eur\"", "\"charge\":\"ch_3Exam\"",
         "\"payment_intent\":\"pi_3Exam\"", "\"reason\":\"fraudulent\"", $"\"status\":\"{status}\"", "\"created\":1772366800",
         "\"is_charge_refundable\":false", "\"livemode\":false", "\"metadata\":{}"], more);

    public static string List(params string[] rows) => $"{{\"object\":\"list\",\"url\":\"/v1/any\",\"has_more\":false,\"data\":[{string.Join(',', rows)}]}}";

    public static string Event(string type, string about, string more = "\"livemode\":false") =>
        "{\"id\":\"evt_1Exam\",\"object\":\"event\",\"api_version\":\"2026-07-29.dahlia\",\"created\":1772366401,\"data\":{\"object\":" + about +
        "},\"pending_webhooks\":1,\"request\":{\"id\":\"req_1\",\"idempotency_key\":null},\"type\":\"" + type + "\"," + more + "}";

    public static string Error(string type, string? code, string message, string more = "") =>
        $"{{\"error\":{{\"type\":\"{type}\",{(code is null ? "" : $"\"code\":\"{code}\",")}\"message\":\"{message}\"{more}}}}}";

    // A later field replaces an earlier one of the same name, as a hand that edits the sample would.
    private static string Object(string[] fields, string[] more)
    {
        var named = new Dictionary<string, string>();
        foreach (var field in fields.Concat(more)) named[field[..field.IndexOf(':', StringComparison.Ordinal)]] = field;
        return $"{{{string.Join(',', named.Values)}}}";
    }
}
