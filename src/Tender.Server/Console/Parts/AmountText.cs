using System.Globalization;

namespace Tender.Server.Console.Parts;

/// <summary>A sum in the words of the house: <c>49.00 USD</c>, <c>12 000 NGN</c>, <c>2 100 sat</c>. tender.js says it the same way.</summary>
/// <param name="Number">Grouped by narrow spaces, which no country reads as a decimal mark.</param>
/// <param name="Unit">The currency's code in capitals; <c>sat</c> for bitcoin.</param>
public readonly record struct AmountText(string Number, string Unit)
{
    private static readonly NumberFormatInfo Grouping = new() { NumberGroupSeparator = "\u202f", NumberDecimalSeparator = ".", NegativeSign = "−" };

    /// <summary>Writes a sum of minor units.</summary>
    public static AmountText Of(long amountMinor, string currency, int exponent)
    {
        if (currency.Equals("btc", StringComparison.OrdinalIgnoreCase)) return new(amountMinor.ToString("N0", Grouping), "sat");

        // Decimal division is exact here: a long has at most 19 digits, a decimal holds 28.
        var major = (decimal)amountMinor / (decimal)Math.Pow(10, exponent);
        return new(major.ToString($"N{exponent}", Grouping), currency.ToUpperInvariant());
    }

    /// <summary>For buttons, titles and mails.</summary>
    public override string ToString() => $"{Number}\u00a0{Unit}";
}
