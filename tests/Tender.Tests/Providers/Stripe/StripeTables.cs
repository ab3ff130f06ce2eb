using System.Net;
using Tender.Domain.Providers;
using static Tender.Tests.Providers.Stripe.StripeSamples;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Stripe's words, in full, and what each means.</summary>
internal static class StripeTables
{
    public static readonly IReadOnlyList<(HttpStatusCode Status, string Body, bool Retriable)> Refusals =
    [
        // The connection's fault: another may accept.
        (HttpStatusCode.Unauthorized, Error("invalid_request_error", null, "Invalid API Key provided: sk_test_CANARY0000000000"), true),
        (HttpStatusCode.Unauthorized, Error("invalid_request_error", "api_key_expired", "Expired API Key provided: sk_test_CANARY***"), true),
        (HttpStatusCode.Forbidden, Error("invalid_request_error", null, "The provided key 'rk_test_CANARY' does not have the required permissions."), true),
        (HttpStatusCode.Forbidden, Error("invalid_request_error", "account_invalid", "The account is not connected to your platform."), true),
        (HttpStatusCode.TooManyRequests, Error("invalid_request_error", "rate_limit", "Too many requests."), true),
        (HttpStatusCode.TooManyRequests, Error("invalid_request_error", "lock_timeout", "This object cannot be accessed right now."), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", null, "Invalid currency: xyz.", ",\"param\":\"currency\""), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", null, "Invalid currency.", ",\"param\":\"line_items[0][price_data][currency]\""), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "amount_too_small", "Amount must convert to at least 50 cents.", ",\"param\":\"amount\""), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "amount_too_large", "Amount must be no more than €999,999.99."), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "testmode_charges_only", "Your account cannot currently make live charges."), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "application_fees_not_allowed", "Not allowed."), true),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "payment_method_unactivated", "No method is activated."), true),
        (HttpStatusCode.NotFound, Error("invalid_request_error", null, "Unrecognized request URL."), true),

        // The payment's fault: it would be refused everywhere, or is our mistake.
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "parameter_unknown", "Received unknown parameter: nonsense"), false),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "parameter_missing", "Missing required param: amount."), false),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", "email_invalid", "Invalid email address.", ",\"param\":\"customer_email\""), false),
        (HttpStatusCode.PaymentRequired, Error("card_error", "card_declined", "Your card was declined.", ",\"decline_code\":\"generic_decline\""), false),
        (HttpStatusCode.BadRequest, Error("invalid_request_error", null, "Something with pi_1_secret_CANARY in it."), false),
    ];

    public static readonly IReadOnlyList<(string Id, string Body, ReportedStatus Means)> PaymentWords =
    [
        (PaymentId, Payment("requires_payment_method"), ReportedStatus.Pending),
        (PaymentId, Payment("requires_payment_method", "\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"generic_decline\",\"message\":\"Your card was declined.\"}"), ReportedStatus.Declined),
        (PaymentId, Payment("requires_confirmation"), ReportedStatus.Pending),
        (PaymentId, Payment("requires_action", "\"next_action\":{\"type\":\"use_stripe_sdk\",\"use_stripe_sdk\":{\"stripe_js\":\"opaque\"}}"), ReportedStatus.Pending),
        (PaymentId, Payment("processing"), ReportedStatus.Processing),
        (PaymentId, Payment("requires_capture", "\"capture_method\":\"manual\"", "\"amount_capturable\":{amount}"), ReportedStatus.Authorized),
        (PaymentId, PaidPayment(), ReportedStatus.Succeeded),
        (PaymentId, Payment("canceled", "\"cancellation_reason\":\"automatic\"", "\"canceled_at\":1772366500"), ReportedStatus.Expired),
        (PaymentId, Payment("canceled", "\"cancellation_reason\":\"expired\""), ReportedStatus.Expired),
        (PaymentId, Payment("canceled", "\"cancellation_reason\":\"abandoned\""), ReportedStatus.Expired),
        (PaymentId, Payment("canceled", "\"cancellation_reason\":\"requested_by_customer\""), ReportedStatus.Canceled),
        (PaymentId, Payment("canceled", "\"cancellation_reason\":\"duplicate\""), ReportedStatus.Canceled),
        (PaymentId, Payment("canceled", "\"cancellation_reason\":\"fraudulent\""), ReportedStatus.Canceled),
        (PaymentId, Payment("canceled"), ReportedStatus.Canceled),
        (PaymentId, Payment("a_word_of_tomorrow"), ReportedStatus.Unknown),

        // Stripe's own page, with its payment expanded.
        (SessionId, Session("open", "unpaid"), ReportedStatus.Pending),
        (SessionId, Session("open", "unpaid", Payment("requires_payment_method", "\"last_payment_error\":{\"code\":\"expired_card\"}")), ReportedStatus.Declined),
        (SessionId, Session("open", "unpaid", Payment("requires_action")), ReportedStatus.Pending),
        (SessionId, Session("complete", "paid", PaidPayment()), ReportedStatus.Succeeded),
        (SessionId, Session("complete", "no_payment_required"), ReportedStatus.Succeeded),
        (SessionId, Session("complete", "unpaid", Payment("processing")), ReportedStatus.Processing),
        (SessionId, Session("complete", "unpaid", Payment("requires_action")), ReportedStatus.Processing),
        (SessionId, Session("complete", "unpaid", Payment("requires_capture")), ReportedStatus.Authorized),
        (SessionId, Session("complete", "unpaid", Payment("canceled", "\"cancellation_reason\":\"automatic\"")), ReportedStatus.Expired),

        // The payer left the page with a bank debit that then failed: nobody can try again there.
        (SessionId, Session("complete", "unpaid", Payment("requires_payment_method", "\"last_payment_error\":{\"message\":\"The bank said no.\"}")), ReportedStatus.Failed),
        (SessionId, Session("expired", "unpaid"), ReportedStatus.Expired),
        (SessionId, Session("a_word_of_tomorrow", "unpaid"), ReportedStatus.Unknown),
    ];

    public static readonly IReadOnlyList<(string Body, Func<WebhookReading, bool> Fits)> Webhooks = [.. WebhookRows()];

    private static IEnumerable<(string Body, Func<WebhookReading, bool> Fits)> WebhookRows()
    {
        const string declined = "\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"insufficient_funds\",\"message\":\"Your card has insufficient funds.\"}";
        const string stolen = "\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"stolen_card\",\"message\":\"Your card was stolen.\"}";
        const string paid = "\"amount_received\":{amount}";

        yield return (Event("payment_intent.created", Payment("requires_payment_method")), Pays(ReportedStatus.Pending));
        yield return (Event("payment_intent.requires_action", Payment("requires_action")), Pays(ReportedStatus.Pending, "The payer has one more step"));
        yield return (Event("payment_intent.processing", Payment("processing")), Pays(ReportedStatus.Processing));
        yield return (Event("payment_intent.amount_capturable_updated", Payment("requires_capture")), Pays(ReportedStatus.Authorized));
        yield return (Event("payment_intent.partially_funded", Payment("requires_action")), Pays(ReportedStatus.Pending));
        yield return (Event("payment_intent.succeeded", Payment("succeeded", paid, "\"latest_charge\":\"ch_3Exam\"")), Pays(ReportedStatus.Succeeded));
        yield return (Event("payment_intent.payment_failed", Payment("requires_payment_method", declined)), Pays(ReportedStatus.Declined, "Your card has insufficient funds."));
        yield return (Event("payment_intent.payment_failed", Payment("requires_payment_method", stolen)), Pays(ReportedStatus.Declined, "Your card was declined."));
        yield return (Event("payment_intent.failed", Payment("requires_payment_method", declined)), Pays(ReportedStatus.Declined, "Your card has insufficient funds."));
        yield return (Event("payment_intent.failed", Payment("failed")), Pays(ReportedStatus.Declined));
        yield return (Event("payment_intent.payment_failed", Payment("succeeded", paid)), Pays(ReportedStatus.Succeeded));
        yield return (Event("payment_intent.canceled", Payment("canceled", "\"cancellation_reason\":\"automatic\"")), Pays(ReportedStatus.Expired));
        yield return (Event("payment_intent.canceled", Payment("canceled", "\"cancellation_reason\":\"requested_by_customer\"")), Pays(ReportedStatus.Canceled));

        yield return (Event("checkout.session.completed", Session("complete", "paid", "\"pi_3Exam\"")), Pays(ReportedStatus.Succeeded));
        yield return (Event("checkout.session.completed", Session("complete", "no_payment_required", "\"pi_3Exam\"")), Pays(ReportedStatus.Succeeded));
        yield return (Event("checkout.session.completed", Session("complete", "unpaid", "\"pi_3Exam\"")), Pays(ReportedStatus.Processing));
        yield return (Event("checkout.session.async_payment_succeeded", Session("complete", "paid", "\"pi_3Exam\"")), Pays(ReportedStatus.Succeeded));
        yield return (Event("checkout.session.async_payment_failed", Session("complete", "unpaid", "\"pi_3Exam\"")), Pays(ReportedStatus.Failed));
        yield return (Event("checkout.session.expired", Session("expired", "unpaid")), OfSession(ReportedStatus.Expired));

        yield return (Event("charge.succeeded", Charge("succeeded", "\"balance_transaction\":\"txn_1\"")), Pays(ReportedStatus.Succeeded));
        yield return (Event("charge.succeeded", Charge("succeeded", "\"captured\":false", "\"amount_captured\":0")), Pays(ReportedStatus.Authorized));
        yield return (Event("charge.pending", Charge("pending")), Pays(ReportedStatus.Processing));
        yield return (Event("charge.captured", Charge("succeeded")), Pays(ReportedStatus.Succeeded));
        yield return (Event("charge.updated", Charge("succeeded")), Pays(ReportedStatus.Succeeded));
        yield return (Event("charge.expired", Charge("succeeded", "\"captured\":false")), Pays(ReportedStatus.Expired));
        yield return (Event("charge.failed", Charge("failed", "\"failure_code\":\"card_declined\"", "\"failure_message\":\"Your card was declined.\"")), Pays(ReportedStatus.Declined));
        yield return (Event("charge.failed", Charge("failed", "\"outcome\":{\"reason\":\"lost_card\"}", "\"failure_message\":\"Lost.\"")), Pays(ReportedStatus.Declined, "Your card was declined."));
        yield return (Event("charge.succeeded", Charge("succeeded", "\"payment_intent\":null")), Nothing());

        yield return (Event("charge.refunded", Charge("succeeded", "\"amount_refunded\":500")), reading => reading is WebhookReading.AskAbout { ProviderPaymentId: PaymentId, Reference: "att_exam_1" });
        yield return (Event("charge.refunded", Charge("succeeded", $"\"refunds\":{List(Refund("succeeded"))}")), Refunds(ReportedRefundStatus.Succeeded));
        foreach (var type in new[] { "refund.created", "refund.updated", "refund.failed", "charge.refund.updated" })
        {
            yield return (Event(type, Refund("pending")), Refunds(ReportedRefundStatus.Pending));
            yield return (Event(type, Refund("failed", "\"failure_reason\":\"lost_or_stolen_card\"")), Refunds(ReportedRefundStatus.Failed, "lost or stolen card"));
        }

        foreach (var type in new[] { "created", "updated", "closed", "funds_withdrawn", "funds_reinstated" })
        {
            foreach (var (word, means) in DisputeWords) yield return (Event($"charge.dispute.{type}", Dispute(word)), Disputes(means));
        }

        yield return (Event("charge.dispute.updated", Dispute("a_word_of_tomorrow")), Nothing());
        yield return (Event("account.application.deauthorized", "{\"id\":\"ca_1\",\"object\":\"application\"}"), reading => reading is WebhookReading.AccountChanged);
        yield return (Event("account.updated", "{\"id\":\"acct_1\",\"object\":\"account\"}"), reading => reading is WebhookReading.AccountChanged);
        yield return (Event("capability.updated", "{\"id\":\"card_payments\",\"object\":\"capability\"}"), reading => reading is WebhookReading.AccountChanged);
        yield return (Event("invoice.paid", "{\"id\":\"in_1\",\"object\":\"invoice\"}"), Nothing());
        yield return (Event("customer.created", "{\"id\":\"cus_1\",\"object\":\"customer\"}"), Nothing());

        // Another version's shapes: asked about, where it can be told what.
        yield return (Event("payment_intent.succeeded", Payment("succeeded", "\"amount\":\"lots\"")), reading => reading is WebhookReading.AskAbout { ProviderPaymentId: PaymentId });
        yield return (Event("charge.updated", Charge("succeeded", "\"amount\":{}")), reading => reading is WebhookReading.AskAbout { ProviderPaymentId: PaymentId });
        yield return (Event("refund.updated", "[]"), Nothing());
    }

    private static IEnumerable<(string Word, ReportedDisputeStatus Means)> DisputeWords =>
    [
        ("warning_needs_response", ReportedDisputeStatus.Inquiry), ("warning_under_review", ReportedDisputeStatus.Inquiry), ("warning_closed", ReportedDisputeStatus.Inquiry),
        ("needs_response", ReportedDisputeStatus.Open), ("under_review", ReportedDisputeStatus.Open), ("lost", ReportedDisputeStatus.Lost),
        ("won", ReportedDisputeStatus.Won), ("prevented", ReportedDisputeStatus.Won),
    ];

    private static Func<WebhookReading, bool> Pays(ReportedStatus status, string? note = null) => reading =>
        reading is WebhookReading.States { EventId: "evt_1Exam", Reports: [PaymentReport { ProviderPaymentId: PaymentId, Reference: "att_exam_1" } report] } &&
        report.Status == status && (report.Received is { Minor: 4900 }) == status is ReportedStatus.Succeeded &&
        (note is null || report.Note?.StartsWith(note, StringComparison.Ordinal) is true) && (status is not ReportedStatus.Declined || report.Note is not null);

    private static Func<WebhookReading, bool> OfSession(ReportedStatus status) => reading =>
        reading is WebhookReading.States { Reports: [PaymentReport { ProviderPaymentId: SessionId, Reference: "att_exam_1" } report] } && report.Status == status;

    private static Func<WebhookReading, bool> Refunds(ReportedRefundStatus status, string? note = null) => reading =>
        reading is WebhookReading.States { Reports: [RefundReport { ProviderPaymentId: PaymentId, ProviderRefundId: "re_3Exam", Reference: "ref_exam_1", Amount.Minor: 500 } report] } &&
        report.Status == status && report.Note == note;

    private static Func<WebhookReading, bool> Disputes(ReportedDisputeStatus status) => reading =>
        reading is WebhookReading.States { Reports: [DisputeReport { ProviderPaymentId: PaymentId, ProviderDisputeId: "dp_1Exam", Amount.Minor: 4900 } report] } && report.Status == status;

    private static Func<WebhookReading, bool> Nothing() => reading => reading is WebhookReading.Irrelevant;
}
