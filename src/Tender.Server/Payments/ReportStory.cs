using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tender.Server.Payments;

/// <summary>What a provider said about a payment, its refunds and its disputes, in words for a person.</summary>
internal static class ReportStory
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One sentence.</summary>
    /// <param name="source">Who brought it: answer, webhook, question.</param>
    /// <param name="fact">What was said, by <see cref="FactOf"/>.</param>
    /// <param name="isRepeated">It had been said before.</param>
    public static string Title(string source, string fact, bool isRepeated)
    {
        var who = source switch { "webhook" => "Webhook", "question" => "Asked again, the provider", _ => "Answer" };
        return $"{who} {(isRepeated ? "repeats" : "says")}: {fact}";
    }

    /// <summary>What was said, and of what: providers give a payment, a refund and a dispute ids of their own.</summary>
    public static string FactOf(string providerId, string says, ReadPaymentDetail.Detail detail) =>
        detail.Refunds.Any(refund => refund.ProviderRefundId == providerId) ? $"refund {says}" :
        detail.Disputes.Any(dispute => dispute.ProviderDisputeId == providerId) ? says switch
        {
            "inquiry" => "the bank asks about the payment",
            "open" => "payment disputed",
            _ => $"dispute {says}",
        } :
        says switch
        {
            "unknown" => "nothing certain",
            "pending" => "waiting for the payer",
            "declined" => "one try was declined",
            "processing" => "money on its way",
            "authorized" => "money held, to be captured",
            _ => $"payment {says}",
        };

    /// <summary>Evidence as a person can read it, and a name for it: an event's type, where it has one.</summary>
    public static (string? Text, string Label) Evidence(string? raw, string providerId)
    {
        if (raw is null) return (null, providerId);
        try
        {
            using var said = JsonDocument.Parse(raw);
            return (JsonSerializer.Serialize(said.RootElement, Readable), Word(said.RootElement, "type") is { Length: > 0 } type ? type : providerId);
        }
        catch (JsonException)
        {
            return (raw, providerId);
        }
    }

    /// <summary>A member's text; empty where there is none.</summary>
    public static string Word(JsonElement said, string name) =>
        said.ValueKind is JsonValueKind.Object && said.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
