using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>
/// A proven event in our words. Its object is a snapshot, and snapshots come in any order; since facts only strengthen, each is simply stated.
/// </summary>
internal static class StripeEventReading
{
    public static WebhookReading Of(ReadOnlySpan<byte> body, Account account)
    {
        if (Parse(body) is not { Id: { Length: > 0 } id, Type: { Length: > 0 } type, Data.Object: { End: > 0 } place } news)
        {
            return new WebhookReading.Forged("the body is no event");
        }

        var reading = NotOurs(news, account) is { } why ? new WebhookReading.Irrelevant(id, type, why) : Of(news, id, type, body[place.Start..place.End], body);
        return reading with { AccountId = news.Account };
    }

    private static WebhookReading Of(StripeEvent news, string id, string type, ReadOnlySpan<byte> about, ReadOnlySpan<byte> body)
    {
        if (type.StartsWith("account.", StringComparison.Ordinal) || type.StartsWith("capability.", StringComparison.Ordinal))
        {
            return new WebhookReading.AccountChanged(id, type);
        }

        try
        {
            return ReportsOf(type, about, StripeReports.Time(news.Created)) switch
            {
                null => new WebhookReading.Irrelevant(id, type),
                [] => AskAbout(id, type, about),
                var reports => new WebhookReading.States(id, type, WithEvidence(reports, StripeEvidence.Of(body))),
            };
        }
        catch (JsonException)
        {
            // Signed, and about something of ours, but in a shape of another version: the API, whose version we choose, is asked.
            return AskAbout(id, type, about);
        }
    }

    // Test and live events, and those of other accounts, can come to one address.
    private static string? NotOurs(StripeEvent news, Account account)
    {
        if (news.Livemode is not { } live || live != account.Mode is Mode.Live) return "it belongs to the other mode";

        return account.Field(StripeKeys.ConnectedAccount) is { Length: > 0 } connected && connected != news.Account ? "it belongs to another account" : null;
    }

    /// <summary>What an event states; nothing where the API has to be asked; null where the type is nothing to us.</summary>
    private static ProviderReport[]? ReportsOf(string type, ReadOnlySpan<byte> about, DateTimeOffset at) => type.Split('.') switch
    {
        ["payment_intent", ..] => Only(OfPayment(type, Read(about, StripeJson.Default.StripePaymentIntent), at)),
        ["checkout", "session", ..] => Only(OfSession(type, Read(about, StripeJson.Default.StripeSession), at)),
        ["refund", ..] or ["charge", "refund", ..] => Only(StripeReports.Of(Read(about, StripeJson.Default.StripeRefund), at, evidence: null)),
        ["charge", "dispute", ..] => Only(StripeReports.Of(Read(about, StripeJson.Default.StripeDispute), at, evidence: null)),
        ["charge", "refunded"] => OfRefunded(Read(about, StripeJson.Default.StripeCharge)),
        ["charge", ..] => Only(OfCharge(type, Read(about, StripeJson.Default.StripeCharge), at)),
        _ => null,
    };

    // A failed try leaves the payment open. Stripe says payment_failed; some senders say failed.
    private static PaymentReport? OfPayment(string type, StripePaymentIntent payment, DateTimeOffset at)
    {
        var report = StripeReports.Of(payment, at, evidence: null);
        var failed = type is "payment_intent.payment_failed" or "payment_intent.failed";
        return failed && report is { Status: ReportedStatus.Pending or ReportedStatus.Unknown }
            ? report with { Status = ReportedStatus.Declined, Note = StripeErrors.Decline(null, null, null) }
            : report;
    }

    // Nobody can pay in a session whose bank said no.
    private static PaymentReport? OfSession(string type, StripeSession session, DateTimeOffset at)
    {
        var report = StripeReports.Of(session, at, evidence: null);
        return type is "checkout.session.async_payment_failed" && report is { Status: not ReportedStatus.Succeeded }
            ? report with { Status = ReportedStatus.Failed, Note = report.Note ?? "The payer's bank did not pay." }
            : report;
    }

    // The snapshot of a hold that ran out still reads "succeeded, not captured"; only the event's name tells.
    private static PaymentReport? OfCharge(string type, StripeCharge charge, DateTimeOffset at)
    {
        var report = StripeReports.Of(charge, at, evidence: null);
        return type is "charge.expired" && report is { Status: not ReportedStatus.Succeeded }
            ? report with { Status = ReportedStatus.Expired, Note = "The hold on the money ran out." }
            : report;
    }

    // The charge says how much went back, but since 2022 not by which refunds.
    private static ProviderReport[]? OfRefunded(StripeCharge charge) => charge switch
    {
        { PaymentIntent: null } => null,
        { Refunds: { HasMore: false, Data: { Count: > 0 } refunds } } =>
            [.. refunds.Select(refund => StripeReports.Of(refund with { PaymentIntent = charge.PaymentIntent }, at: null, evidence: null)).OfType<ProviderReport>()],
        _ => [],
    };

    private static ProviderReport[]? Only(ProviderReport? report) => report is null ? null : [report];

    private static ProviderReport[] WithEvidence(ProviderReport[] reports, string evidence) => Array.ConvertAll(reports, report => report with { Evidence = evidence });

    private static WebhookReading AskAbout(string id, string type, ReadOnlySpan<byte> about)
    {
        var reader = new Utf8JsonReader(about);
        using var thing = JsonDocument.ParseValue(ref reader);
        return PaymentOf(thing.RootElement) is { } payment
            ? new WebhookReading.AskAbout(id, type, AttemptOf(thing.RootElement), payment)
            : new WebhookReading.Irrelevant(id, type, "it names no payment that Tender could have made");
    }

    private static string? PaymentOf(JsonElement thing)
    {
        if (thing.ValueKind is not JsonValueKind.Object) return null;

        if (thing.TryGetProperty("payment_intent", out var payment))
        {
            if (payment.ValueKind is JsonValueKind.String) return payment.GetString();
            if (payment.ValueKind is JsonValueKind.Object) return PaymentOf(payment);
        }

        var id = thing.TryGetProperty("id", out var named) && named.ValueKind is JsonValueKind.String ? named.GetString()! : "";
        return id.StartsWith("pi_", StringComparison.Ordinal) || id.StartsWith("cs_", StringComparison.Ordinal) ? id : null;
    }

    private static string? AttemptOf(JsonElement thing) =>
        thing.TryGetProperty("metadata", out var metadata) && metadata.ValueKind is JsonValueKind.Object &&
        metadata.TryGetProperty(StripeStart.AttemptKey, out var attempt) && attempt.ValueKind is JsonValueKind.String ? attempt.GetString() : null;

    private static StripeEvent? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, StripeJson.Default.StripeEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T Read<T>(ReadOnlySpan<byte> about, JsonTypeInfo<T> shape) =>
        JsonSerializer.Deserialize(about, shape) ?? throw new JsonException("the event is about nothing");
}
