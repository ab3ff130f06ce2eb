using System.Collections.Frozen;
using Tender.Domain.Amounts;

namespace Tender.Providers.Stripe;

/// <summary>
/// The one place where our minor units become Stripe's and back. What cannot be said exactly is not said at all.
/// Source: docs.stripe.com/currencies, read 2026-11.
/// </summary>
internal static class StripeAmounts
{
    // How many decimals Stripe's number has, and of what it must be a multiple, where that differs from "two decimals, any number".
    private static readonly FrozenDictionary<string, Unit> Units = new (string Codes, Unit Unit)[]
    {
        ("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf", new(Decimals: 0, MultipleOf: 1)),

        // They have no minor unit any more, yet are sent with two decimals for old times' sake; those must be zeros, which ours always are.
        ("isk ugx", new(Decimals: 2, MultipleOf: 1)),

        // Three decimals, of which the card networks settle two.
        ("bhd jod kwd omr tnd", new(Decimals: 3, MultipleOf: 10)),
    }.SelectMany(row => row.Codes.Split(' ').Select(code => KeyValuePair.Create(code, row.Unit))).ToFrozenDictionary();

    private static readonly Unit Usual = new(Decimals: 2, MultipleOf: 1);
    private static readonly long[] PowersOfTen = [1, 10, 100, 1000];

    /// <summary>Stripe's number for a sum; false, with the reason, when Stripe has none.</summary>
    public static bool TryToWire(Money amount, out long wire, out string why)
    {
        wire = 0;
        if (UnitOf(amount.Currency) is not { } unit)
        {
            why = $"Stripe does not serve {amount.Currency.Code.ToUpperInvariant()}.";
            return false;
        }

        var exact = Shift(amount.Minor, unit.Decimals - amount.Currency.Exponent, out wire) && wire % unit.MultipleOf == 0;
        why = exact ? "" : $"Stripe cannot take exactly {amount}.";
        return exact;
    }

    /// <summary>Our sum for Stripe's number; null when it is in no currency we know, or finer than that currency can be counted.</summary>
    public static Money? FromWire(long? wire, string? currencyCode)
    {
        if (wire is not { } number || !Currency.TryParse(currencyCode, out var currency) || UnitOf(currency) is not { } unit) return null;
        return Shift(number, currency.Exponent - unit.Decimals, out var minor) ? new Money(minor, currency) : null;
    }

    // Currencies with three or four decimals that are not in the table, and bitcoin, are not Stripe's.
    private static Unit? UnitOf(Currency currency) =>
        Units.TryGetValue(currency.Code, out var unit) ? unit : currency.Exponent == 2 ? Usual : null;

    private static bool Shift(long number, int places, out long shifted)
    {
        var power = PowersOfTen[Math.Abs(places)];
        if (places < 0)
        {
            shifted = number / power;
            return number % power == 0;
        }

        shifted = unchecked(number * power);
        return shifted / power == number;
    }

    private sealed record Unit(int Decimals, int MultipleOf);
}
