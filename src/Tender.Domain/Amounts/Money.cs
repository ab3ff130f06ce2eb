using System.Globalization;
using System.Text.RegularExpressions;

namespace Tender.Domain.Amounts;

/// <summary>A sum in the currency's minor unit. Arithmetic is checked: it overflows loudly and never mixes currencies.</summary>
public readonly partial record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    public static Money Zero(Currency currency) => new(0, currency);

    public bool IsPositive => Minor > 0;

    public static Money operator +(Money left, Money right) => new(checked(left.Minor + right.InCurrencyOf(left)), left.Currency);

    public static Money operator -(Money left, Money right) => new(checked(left.Minor - right.InCurrencyOf(left)), left.Currency);

    public static Money operator *(Money price, int quantity) => new(checked(price.Minor * quantity), price.Currency);

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public static Money Multiply(Money price, int quantity) => price * quantity;

    public int CompareTo(Money other) => Minor.CompareTo(other.InCurrencyOf(this));

    /// <summary>The number in major units with exactly the currency's decimals: 49.00, 1200, 0.00002100.</summary>
    public string ToMajorText()
    {
        var digits = Math.Abs((decimal)Minor).ToString(CultureInfo.InvariantCulture).PadLeft(Currency.Exponent + 1, '0');
        var whole = digits[..^Currency.Exponent];
        var sign = Minor < 0 ? "-" : "";
        return Currency.Exponent == 0 ? sign + digits : $"{sign}{whole}.{digits[^Currency.Exponent..]}";
    }

    /// <summary>
    /// Reads what a person wrote in major units: 49, 49.00, 1 200. What has more decimals than the currency, a sign or a letter is refused, never rounded;
    /// zeros are decimals too, for who writes 1.200 may mean more than a thousand.
    /// </summary>
    public static Money? FromMajorText(string text, Currency currency)
    {
        if (WithoutGroups(text) is not { } number) return null;
        // One comma before two digits can be nothing but a decimal mark.
        if (currency.Exponent is 2 && number.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma && comma == number.Length - 3) number = $"{number[..comma]}.{number[(comma + 1)..]}";
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var major) || major > long.MaxValue) return null;
        if (number.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point && number.Length - point - 1 > currency.Exponent) return null;
        var minor = major * (decimal)Math.Pow(10, currency.Exponent);
        return minor <= long.MaxValue ? new((long)minor, currency) : null;
    }

    /// <summary>A written number without the spaces between its thousands; null when spaces stand anywhere else.</summary>
    public static string? WithoutGroups(string text)
    {
        var written = text.Trim();
        return Groups().IsMatch(written) ? string.Concat(written.Where(letter => !char.IsWhiteSpace(letter))) : written.Any(char.IsWhiteSpace) ? null : written;
    }

    [GeneratedRegex(@"^[0-9]{1,3}(?:\s[0-9]{3})+(?:[.,][0-9]*)?$")]
    private static partial Regex Groups();

    public override string ToString() => $"{ToMajorText()} {Currency.Code?.ToUpperInvariant()}";

    private long InCurrencyOf(Money other) => Currency == other.Currency
        ? Minor
        : throw new BrokenRuleException($"{Currency} cannot be counted together with {other.Currency}");
}
