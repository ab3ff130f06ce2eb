using Tender.Domain.Amounts;

namespace Tender.Server.Connections;

/// <summary>The currencies a member wants to take through a connection.</summary>
internal static class RequestedCurrencies
{
    /// <summary>What is wrong with them; null when nothing is.</summary>
    public static string? Wrong(string[]? currencies) =>
        currencies?.FirstOrDefault(code => !Currency.TryParse(code, out _)) is { } unknown ? $"{(unknown.Length > 10 ? "one of them" : unknown)} is no ISO 4217 code and not BTC" : null;

    public static string[]? Clean(string[]? currencies) =>
        currencies is null ? null : [.. currencies.Select(code => code.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
