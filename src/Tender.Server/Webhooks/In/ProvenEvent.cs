using Tender.Domain.Providers;

namespace Tender.Server.Webhooks.In;

/// <summary>What is noted of a proven event beside its bytes.</summary>
/// <param name="About">The provider's own id of the payment, or what else it names.</param>
/// <param name="IsOfPayments">It says, or leads to, something about a payment.</param>
internal sealed record ProvenEvent(string Id, string Type, string? AccountId, string? About, bool IsOfPayments)
{
    /// <summary>Why there is none.</summary>
    public const string Nameless = "the event's id or type is no name";

    // Providers' own are a tenth of it.
    private const int NameCharactersMax = 255;

    /// <summary>
    /// Null when its id or type is none: no database would keep it, and it shares a commit with others, which must not go down with it.
    /// </summary>
    public static ProvenEvent? Of(WebhookReading reading)
    {
        var read = reading switch
        {
            WebhookReading.States states => new ProvenEvent(states.EventId, states.EventType, reading.AccountId, states.Reports.Select(r => r.ProviderPaymentId).FirstOrDefault(id => id is not null), true),
            WebhookReading.AskAbout about => new(about.EventId, about.EventType, reading.AccountId, about.ProviderPaymentId ?? about.Reference, true),
            WebhookReading.AccountChanged changed => new(changed.EventId, changed.EventType, reading.AccountId, reading.AccountId, false),
            WebhookReading.Irrelevant nothing => new(nothing.EventId, nothing.EventType, reading.AccountId, null, false),
            _ => throw new Domain.BrokenRuleException($"no rule for {reading.GetType().Name}"),
        };
        if (!IsName(read.Id) || !IsName(read.Type)) return null;
        return read with { About = IsName(read.About) ? read.About : null, AccountId = IsName(read.AccountId) ? read.AccountId : null };
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= NameCharactersMax } && !text.Any(char.IsControl);
}
