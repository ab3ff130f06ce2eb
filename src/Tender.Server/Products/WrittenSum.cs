using System.Globalization;
using Tender.Domain.Amounts;

namespace Tender.Server.Products;

/// <summary>A sum as a person types it, in major units; bitcoin is counted in sat, as it is shown.</summary>
internal static class WrittenSum
{
    /// <summary>What is typed beside a number of this currency: USD, sat.</summary>
    public static string UnitOf(string currency) => currency is "btc" ? "sat" : currency.ToUpperInvariant();

    /// <summary>The number alone: 49.00, 2100.</summary>
    public static string NumberOf(Money sum) => sum.Currency.Code is "btc" ? sum.Minor.ToString(CultureInfo.InvariantCulture) : sum.ToMajorText();

    public static string Of(Money sum) => $"{NumberOf(sum)} {UnitOf(sum.Currency.Code)}";

    /// <summary>Null when it is no such sum.</summary>
    public static Money? Read(string number, string unit)
    {
        if (unit.Equals("sat", StringComparison.OrdinalIgnoreCase))
            return Whole(number) is { } sat ? new Money(sat, Currency.Of("btc")) : null;
        return Currency.TryParse(unit, out var currency) ? Money.FromMajorText(number, currency) : null;
    }

    private static long? Whole(string number) =>
        long.TryParse(Money.WithoutGroups(number), NumberStyles.None, CultureInfo.InvariantCulture, out var sat) ? sat : null;
}
