using System.Globalization;
using Tender.Domain.Amounts;

namespace Tender.Server.Products;

/// <summary>Prices as a person writes them: one in a line, <c>49.00 USD</c>, <c>2100 sat</c>.</summary>
internal static class PriceLines
{
    public static string Write(IEnumerable<Price> prices) => string.Join('\n', prices.Select(price => price.Currency is "btc"
        ? string.Create(CultureInfo.InvariantCulture, $"{price.Amount} sat")
        : price.ToMoney().ToString()));

    /// <summary>The prices, or what is wrong with the first line that is none.</summary>
    public static (List<CreateProduct.PriceRequest> Prices, string? Wrong) Read(string? text)
    {
        var prices = new List<CreateProduct.PriceRequest>();
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ReadLine(line) is not { } price) return (prices, $"“{line}” is no price. Write a number and a currency, like 49.00 USD, with no more decimals than the currency has.");
            if (prices.Any(other => other.Currency == price.Currency)) return (prices, $"{price.Currency.ToUpperInvariant()} stands there twice. Each currency has one price.");
            prices.Add(price);
        }

        return prices.Count is 0 ? (prices, "Write at least one price, like 49.00 USD.") : (prices, null);
    }

    // What has more decimals than the currency is refused, not rounded.
    private static CreateProduct.PriceRequest? ReadLine(string line)
    {
        var unitAt = line.Length - line.Reverse().TakeWhile(char.IsAsciiLetter).Count();
        var number = string.Concat(line[..unitAt].Where(letter => !char.IsWhiteSpace(letter)));
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var written) || written > long.MaxValue) return null;

        var unit = line[unitAt..].ToLowerInvariant();
        if (unit is "sat") return written == decimal.Truncate(written) ? new("btc", (long)written) : null;
        if (!Currency.TryParse(unit, out var currency)) return null;
        var minor = written * (decimal)Math.Pow(10, currency.Exponent);
        return minor == decimal.Truncate(minor) && minor <= long.MaxValue ? new(currency.Code, (long)minor) : null;
    }
}
