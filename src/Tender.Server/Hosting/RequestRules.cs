using System.ComponentModel.DataAnnotations;
using Tender.Domain.Amounts;

namespace Tender.Server.Hosting;

/// <summary>A currency code that is known, in any case.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class KnownCurrencyAttribute() : ValidationAttribute("Must be an ISO 4217 code or BTC.")
{
    public override bool IsValid(object? value) => value is null || (value is string code && Currency.TryParse(code, out _));
}

/// <summary>An absolute http or https address.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WebAddressAttribute() : ValidationAttribute("Must be an absolute http or https address of at most 2000 characters.")
{
    public const int CharsMax = 2000;

    public override bool IsValid(object? value) => value is null ||
        (value is string { Length: <= CharsMax } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length is 0 && !text.Any(char.IsControl));
}

/// <summary>An e-mail address that mail can be sent to; what stands around it is trimmed by whoever keeps it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class PlainMailAddressAttribute() : ValidationAttribute("must be an e-mail address")
{
    public override bool IsValid(object? value) => value is null || (value is string text && MailAddresses.Plain(text.Trim()) is not null);
}

/// <summary>What stands on pages and papers as one line: no line breaks, and nothing that turns the direction of the text around it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneLineTextAttribute() : ValidationAttribute("must be one line, without marks that turn the text around it")
{
    public override bool IsValid(object? value) => value is null || (value is string text && OneLine.Is(text));
}

/// <summary>One of a few words.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute(params string[] words) : ValidationAttribute($"Must be one of: {string.Join(", ", words)}."), IWordsOf
{
    public IReadOnlyList<string> Words => words;

    public override bool IsValid(object? value) => value is null || (value is string word && words.Contains(word, StringComparer.Ordinal));
}

/// <summary>A sum in a currency's minor unit, at least 1.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class SumAttribute() : ValidationAttribute($"Must be a whole number from 1 to {Max}, in the currency's minor unit.")
{
    // Every provider's own maximum is lower, and sums of sums stay far from overflow.
    public const long Max = 1_000_000_000_000;

    public override bool IsValid(object? value) => value is null or (long and >= 1 and <= Max);
}

/// <summary>What every provider can carry along: at most 40 entries, keys of 40 and values of 500 characters.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class MetadataLimitsAttribute() : ValidationAttribute("At most 40 entries, keys of 1 to 40 and values of at most 500 characters; keys do not begin with tender_.")
{
    // Stripe takes 50 (sheet A1, unconfirmed); ours need some of them.
    public const int EntriesMax = 40;

    public override bool IsValid(object? value) => value is null || (value is Dictionary<string, string> entries && entries.Count <= EntriesMax &&
        entries.All(e => e.Key.Length is > 0 and <= 40 && e.Value is { Length: <= 500 } && !e.Key.StartsWith("tender_", StringComparison.Ordinal)));
}
