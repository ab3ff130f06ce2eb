using System.Text.Json;
using Tender.Domain.Amounts;
using Tender.Server.Console.Parts;

namespace Tender.Server.Payments;

/// <summary>What happened to a payment, told from its event log in the order it happened.</summary>
internal static class PaymentStory
{
    public static IReadOnlyList<Told> Of(ReadPaymentDetail.Detail detail)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        return [.. detail.Events.Select(e => Tell(e, detail, said))];
    }

    /// <summary>What is being waited for, in a few words.</summary>
    public static string Awaited(ReadPaymentDetail.Detail detail) => (detail.Attempts.Count > 0 ? detail.Attempts[^1].Status : null) switch
    {
        "unknown" or "sent" or "abandoned" => "The provider's answer is awaited",
        _ when detail.Payment.Status is "processing" => "The money is on its way",
        _ => "The payer has not paid yet; waiting",
    };

    public static string CaseTitle(string kind) => kind switch
    {
        "late" => "Money came after the payment was closed.",
        "underpaid" => "Too little came.",
        "overpaid" => "Too much came.",
        "duplicate" => "It was paid twice.",
        "paid_twice" => "It had been paid before.",
        "mismatch" => "Money came in another currency.",
        "dispute" => "The payer's bank asks the money back.",
        "refund_failed" => "A refund did not reach the payer.",
        "mail_gave_up" => "The mail to the customer could not be delivered.",
        "webhook_failed" => "What a provider told us could not be applied.",
        "unsettled" => "The provider does not say how it ended.",
        _ => kind.Replace('_', ' ') + ".",
    };

    /// <summary>What it was asked for, as a heading begins.</summary>
    public static string PurposeWord(string purpose) => purpose is "api" ? "API" : char.ToUpperInvariant(purpose[0]) + purpose[1..];

    public static string Text(long minor, string currency) => AmountText.Of(minor, currency, Currency.Of(currency).Exponent).ToString();

    private static Told Tell(ReadPaymentDetail.EventRow row, ReadPaymentDetail.Detail detail, HashSet<string> before)
    {
        using var payload = JsonDocument.Parse(row.Payload);
        var said = payload.RootElement;
        return row.Type switch
        {
            "payment.created" => new(row.At, $"Asked; {Word(said, "chosen")} chosen", Tone.Quiet)
            {
                Because = [.. detail.Verdicts.Select(v => v.IsIn ? $"{v.Name}: {v.Reason}" : $"not {v.Name}: {v.Reason}")],
            },
            "attempt.ended" => new(row.At, $"No luck: {Word(said, "why")}", Tone.Lost)
            {
                Because = Word(said, "next") is { Length: > 0 } next ? [$"went on with {next}"] : [],
            },
            "provider.reported" => Reported(row, said, detail, before),
            "payment.succeeded" => new(row.At, "Paid", Tone.Good) { Because = Word(said, "exception") is "none" or "" ? [] : [CaseTitle(Word(said, "exception"))] },
            "payment.awaiting_payer" => new(row.At, "Waiting for the payer", Tone.Waiting),
            "payment.processing" => new(row.At, "The money is on its way", Tone.Waiting),
            "payment.failed" => new(row.At, "Failed", Tone.Lost),
            "payment.expired" => new(row.At, "Expired; nobody can pay it any more", Tone.Quiet),
            "payment.canceled" => new(row.At, "Canceled", Tone.Quiet),
            _ when row.Type.StartsWith("refund.", StringComparison.Ordinal) => Moved(row, said, "Refund of"),
            _ when row.Type.StartsWith("dispute.", StringComparison.Ordinal) => Moved(row, said, "Dispute over"),
            _ => new(row.At, row.Type.Replace('.', ' ').Replace('_', ' '), Tone.Quiet),
        };
    }

    private static Told Reported(ReadPaymentDetail.EventRow row, JsonElement said, ReadPaymentDetail.Detail detail, HashSet<string> before)
    {
        var providerId = Word(said, "providerId");
        var fact = ReportStory.FactOf(providerId, Word(said, "says").Replace('_', ' '), detail);
        var isRepeated = !before.Add($"{providerId} {fact}");
        var (evidence, label) = ReportStory.Evidence(row.Evidence, providerId);
        return new(row.At, ReportStory.Title(Word(said, "source"), fact, isRepeated), isRepeated ? Tone.Quiet : Tone.Waiting)
        {
            Because = Word(said, "note") is { Length: > 0 } note ? [note] : [],
            Evidence = evidence,
            EvidenceLabel = label,
        };
    }

    private static Told Moved(ReadPaymentDetail.EventRow row, JsonElement said, string what)
    {
        var status = row.Type.Split('.')[1];
        var tone = status switch { "failed" or "lost" => Tone.Lost, "open" => Tone.Needs, "succeeded" or "won" => Tone.Good, _ => Tone.Waiting };
        return new(row.At, $"{what} {Text(said.GetProperty("amount").GetInt64(), Word(said, "currency"))}: {(status is "succeeded" ? "sent back" : status.Replace('_', ' '))}", tone);
    }

    private static string Word(JsonElement said, string name) => ReportStory.Word(said, name);

    /// <summary>One moment.</summary>
    internal sealed record Told(DateTimeOffset At, string Title, Tone Tone)
    {
        public IReadOnlyList<string> Because { get; init; } = [];

        public string? Evidence { get; init; }

        public string EvidenceLabel { get; init; } = "What was said";
    }
}
