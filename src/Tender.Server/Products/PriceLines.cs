namespace Tender.Server.Products;

/// <summary>Prices as a person writes them: one in a line, <c>49.00 USD</c>, <c>2100 sat</c>.</summary>
internal static class PriceLines
{
    public static string Write(IEnumerable<Price> prices) => string.Join('\n', prices.Select(price => WrittenSum.Of(price.ToMoney())));

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

    private static CreateProduct.PriceRequest? ReadLine(string line)
    {
        var unitAt = line.Length - line.Reverse().TakeWhile(char.IsAsciiLetter).Count();
        return WrittenSum.Read(line[..unitAt], line[unitAt..]) is { } sum ? new(sum.Currency.Code, sum.Minor) : null;
    }
}
